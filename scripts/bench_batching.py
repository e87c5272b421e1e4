#!/usr/bin/env python3
"""What trials take with samples in batches, beside one by one.

    scripts/bench_batching.py [FOLDER...]   models, samples in inputs/; --mlp adds three of its own

Tunes each model with --batch_samples 1 and without, in turn, on one thread. Prints the samples of a
batch, whether the keep list, the front and the result are equal byte for byte, and seconds one by
one over seconds in batches (the least of the runs): of evaluating trials, of the search, of the
whole run. A model whose first extent is fixed, or that is no faster in batches, has batches of 1.
"""
import argparse
import json
import subprocess
import tempfile
from pathlib import Path

KEEL = Path(__file__).resolve().parent.parent / "build/release/bin/keel"
FILES = ("result.json", "front.csv", "execeptionlist.cfg")


def write_mlp(folder, widths, samples=64):
    """Products with bias and Relu, whose first extent is open, and samples of one row."""
    import numpy
    from onnx import TensorProto, helper, numpy_helper, save
    rng = numpy.random.default_rng(0)
    nodes, weights, value = [], [], "x"
    for i, (rows, columns) in enumerate(zip(widths, widths[1:])):
        scale = (2 / rows) ** 0.5
        for name, shape in ((f"w{i}", (rows, columns)), (f"b{i}", (columns,))):
            content = (scale * rng.standard_normal(shape)).astype(numpy.float32)
            weights.append(numpy_helper.from_array(content, name))
        nodes += [helper.make_node("MatMul", [value, f"w{i}"], [f"m{i}"], f"m{i}"),
                  helper.make_node("Add", [f"m{i}", f"b{i}"], [f"a{i}"], f"a{i}"),
                  helper.make_node("Relu", [f"a{i}"], [f"r{i}"], f"r{i}")]
        value = f"r{i}"
    port = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", columns])
            for name, columns in (("x", widths[0]), (value, widths[-1]))]
    graph = helper.make_graph(nodes, "mlp", port[:1], port[1:], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    (folder / "inputs").mkdir(parents=True)
    save(model, str(folder / "model.onnx"))
    for i in range(samples):
        row = rng.standard_normal((1, widths[0])).astype(numpy.float32)
        numpy.save(folder / "inputs" / f"{i:03}.npy", row)
    return folder


def tune(folder, output, trials, more):
    finished = subprocess.run(
        ["taskset", "-c", "0", KEEL, "tune", "--model", folder / "model.onnx", "--data",
         folder / "inputs", "--require", "relative_l2<=0.001", "--jobs", "1", "--output", output,
         *(["--max_trials", str(trials)] if trials else []), *more], capture_output=True, text=True)
    if finished.returncode > 1:
        raise SystemExit(finished.stderr)
    run = json.loads((output / "run.json").read_text())
    return {"trials": sum(e["seconds"] for e in run["evaluations"].values()),
            "search": run["phase_seconds"]["search"], "run": run["seconds"]}, run["batch_samples"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--mlp", action="store_true", help="three perceptrons made here")
    parser.add_argument("--trials", type=int, default=0, help="at most (default: of the preset)")
    parser.add_argument("--runs", type=int, default=3, help="of each side (default %(default)s)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folders = list(arguments.folders)
        if arguments.mlp:
            folders += [write_mlp(Path(made) / f"mlp_{'_'.join(map(str, widths))}", widths)
                        for widths in ((64, 256, 256, 10), (256, 1024, 1024, 1024, 10),
                                       (1024, 4096, 1024, 10))]
        print(f"{'model':24} {'batch':>5} {'equal':>5}   one by one / batches: trials, search, run")
        for folder in folders:
            seconds, batch, equal = {"alone": [], "together": []}, 1, True
            for _ in range(arguments.runs):
                with tempfile.TemporaryDirectory() as scratch:
                    for side, more in (("alone", ["--batch_samples", "1"]), ("together", [])):
                        taken, batch = tune(folder, Path(scratch) / side, arguments.trials, more)
                        seconds[side].append(taken)
                    equal = equal and all((Path(scratch) / "alone" / name).read_bytes() ==
                                          (Path(scratch) / "together" / name).read_bytes()
                                          for name in FILES)
            least = {side: {key: min(run[key] for run in runs) for key in runs[0]}
                     for side, runs in seconds.items()}
            ratios = [least["alone"][key] / least["together"][key] for key in least["alone"]]
            print(f"{folder.name:24} {batch:5} {'yes' if equal else 'NO':>5}   "
                  + " ".join(f"{ratio:6.2f}" for ratio in ratios), flush=True)


if __name__ == "__main__":
    main()
