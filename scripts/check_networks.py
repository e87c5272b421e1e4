#!/usr/bin/python3
"""Builds the public networks and checks each: parameters and multiply-accumulates against the
published ones, onnx.checker, every shape against ONNX's own inference, and that keel reads and
compiles it.

    scripts/check_networks.py                  all, with build/release/bin/keel
    scripts/check_networks.py --folder F NAME  one or more, and leaves the models in F

Needs the Debian package python3-onnx, and a built keel.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import onnx

from networks import counts, keel_command
from networks.table import NETWORKS

ROOT = Path(__file__).resolve().parent.parent


def shape_complaints(path, graph):
    """Where ONNX's shape inference says otherwise than the builder."""
    inferred = onnx.shape_inference.infer_shapes(onnx.load(path, load_external_data=False))
    shapes = {value.name: tuple(d.dim_value for d in value.type.tensor_type.shape.dim)
              for value in (*inferred.graph.value_info, *inferred.graph.output)}
    wrong = [f"{graph.name}: {name} is {shape} to the builder, {shapes[name]} to ONNX"
             for name, shape in graph.shapes.items() if shapes.get(name, shape) != shape]
    unknown = [name for name in graph.shapes if name not in shapes]
    return wrong + [f"{graph.name}: ONNX infers no shape of {name}" for name in unknown]


def check(network, folder, keel):
    """Everything wrong with a network, in words, and its predicted program."""
    graph = network.build(network.name, 1)
    path = graph.save(folder)
    found = counts.complaints(network)
    try:
        onnx.checker.check_model(str(path))
        found += shape_complaints(path, graph)
        listed = keel_command.run(keel, "inspect", path, "--format", "csv").count("\n") - 1
        if listed != len(graph.nodes):
            found.append(f"{network.name}: keel lists {listed} of {len(graph.nodes)} nodes")
        program = keel_command.profile(keel, path)
    except (onnx.checker.ValidationError, keel_command.KeelFailed) as error:
        return [*found, f"{network.name}: {error}"], None
    return found, program


def main():
    """Checks the networks asked for; the exit code says whether all are right."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="networks of scripts/networks/table.py; all")
    parser.add_argument("--keel", type=Path, default=ROOT / "build/release/bin/keel")
    parser.add_argument("--folder", type=Path, help="where the models stay; a temporary folder")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - {network.name for network in NETWORKS}
    if unknown:
        sys.exit(f"error: no network is called {', '.join(sorted(unknown))}\n"
                 "  fix: take a name from scripts/networks/table.py")
    wrong = 0
    with tempfile.TemporaryDirectory() as scratch:
        print(f"{'network':24} {'M params':>9} {'published':>9} {'G MACs':>9} {'published':>9} "
              f"{'kernels':>7} {'ms':>8}")
        for network in NETWORKS:
            if arguments.names and network.name not in arguments.names:
                continue
            found, program = check(network, arguments.folder or scratch, arguments.keel)
            parameters, macs = counts.counts_of(network)
            launched = [k for k in program["kernels"] if k["class"] != "none"] if program else []
            print(f"{network.name:24} {parameters:9.3f} {network.published.parameters or '-':>9} "
                  f"{macs:9.3f} {network.published.macs or '-':>9} {len(launched):7} "
                  f"{program['latency_us'] / 1e3 if program else float('nan'):8.3f}", flush=True)
            for complaint in found:
                print(f"  wrong: {complaint}", flush=True)
            wrong += len(found)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
