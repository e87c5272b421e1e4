#!/usr/bin/env python3
"""Mixed-precision models that keel exports, run by ONNX Runtime, against keel's own evaluation.

    scripts/check_mixed_onnx.sh FOLDER...   each with model.onnx and samples, as demo/

Tunes each model with a small budget (HF32 off, for ONNX has none), exports the recommendation and
both anchors, has onnx.checker check them with types and shapes, and runs them three ways: in ONNX
Runtime with graph optimisations off and on, and in keel as any other model. Each is compared with
`keel run` of the same keep list. Exits 1 if a model is not valid or a comparison fails.

Tolerance, on the relative L2 of the worst output (root mean square over samples): four times the
error that the variant has against fp32 in keel, but at least one fp16 rounding (2^-11), or 1e-5
where no node is in fp16. Nothing closer is owed: keel rounds as the chip does, once for operators
that are fused, the exported model once a node, and a recommendation is the trial that was best on
these very samples. What a wrong wire, weight or dtype does is far beyond that. ONNX Runtime has no
fp16 arithmetic on CPUs: it computes runs of fp16 nodes in fp32 and drops the casts between them,
with optimisations off too, so it rounds weights and little else. It shows that the model is right,
not what fp16 costs; that, keel shows, which rounds after every node. So keel's run must also be at least an
eighth of the variant's error away from fp32, and be Inf or NaN for about the same samples. Where
the variant itself is broken (error above 0.5) ONNX Runtime is not compared.
"""
import argparse
import concurrent.futures
import json
import math
import multiprocessing
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
import onnx
import onnxruntime

KEEL = Path(__file__).resolve().parent.parent / "build/release/bin/keel"
ONE_ROUNDING = 2.0**-11
FP32_NOISE = 1e-5
BROKEN = 0.5
CRASHES_ON_HALF = "NchwcTransformer"  # onnxruntime 1.32.0, on some valid float16 models


def keel(*arguments, accepted=(0,)):
    done = subprocess.run([KEEL, *map(str, arguments)], text=True, capture_output=True)
    if done.returncode not in accepted:
        sys.exit(f"keel {' '.join(map(str, arguments))}\n{done.stderr}")
    return done.stdout


def sample_of(path, inputs):
    """'007' of 007.npy, or of 007.INPUT.npy where there are several inputs."""
    return path.name[: -len(".npy")] if inputs == 1 else path.name.split(".")[0]


def first_samples(folder, inputs, count, to):
    """A folder with the first samples of another."""
    source = folder / "inputs" if (folder / "inputs").is_dir() else folder
    paths = sorted(source.glob("*.npy"))
    names = sorted({sample_of(path, inputs) for path in paths})[:count]
    to.mkdir()
    for path in paths:
        if sample_of(path, inputs) in names:
            (to / path.name).symlink_to(path.resolve())
    return names


def file_name(name):
    """As keel names the files of inputs and outputs."""
    return re.sub(r'[/\\:*?"<>|\x00-\x1f]', "_", name)


def read(folder, names, ports):
    """For each sample the arrays of its ports."""
    if len(ports) == 1:
        return [[numpy.load(folder / f"{name}.npy")] for name in names]
    return [[numpy.load(folder / f"{name}.{file_name(port)}.npy") for port in ports]
            for name in names]


def run_onnxruntime(model, samples, optimised, without=()):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    level = onnxruntime.GraphOptimizationLevel
    options.graph_optimization_level = level.ORT_ENABLE_ALL if optimised else level.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"],
                                           disabled_optimizers=list(without))
    names = [port.name for port in session.get_inputs()]
    return [session.run(None, dict(zip(names, sample))) for sample in samples]


def in_child(*arguments):
    """run_onnxruntime(), or None where it takes its process down."""
    with concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        try:
            return pool.submit(run_onnxruntime, *arguments).result()
        except concurrent.futures.process.BrokenProcessPool:
            return None


def optimised_run(model, samples):
    """(what to call the run, its outputs)"""
    outputs = in_child(model, samples, True)
    if outputs is not None:
        return "ort on", outputs
    return "ort on*", in_child(model, samples, True, (CRASHES_ON_HALF,))


def distance(outputs, reference):
    """(largest difference, relative L2, samples where just one of both is finite)"""
    largest, squares, apart = 0.0, [], 0
    for ours, theirs in zip(outputs, reference):
        worst = 0.0
        for a, b in zip(ours, theirs):
            if b.dtype.kind != "f":
                continue
            a, b = a.astype(numpy.float64), b.astype(numpy.float64)
            if not (numpy.isfinite(a).all() and numpy.isfinite(b).all()):
                worst = math.inf if numpy.isfinite(b).all() else worst
                apart += numpy.isfinite(a).all() != numpy.isfinite(b).all()
                break
            if a.size:
                largest = max(largest, numpy.abs(a - b).max())
            norm = numpy.linalg.norm(b)
            worst = max(worst, numpy.linalg.norm(a - b) / norm if norm else numpy.linalg.norm(a))
        squares.append(worst**2)
    return largest, math.sqrt(sum(squares) / len(squares)), apart


class Trial:
    """One trial of a study, exported, and what keel computes for it."""

    def __init__(self, study, model, data, number, to):
        log = keel("export", "--study", study, "--trial", number, "--output", to, "--onnx",
                   "--data", data)
        found = re.search(r"(\d+) nodes in fp16, (\d+) casts", log)
        self.half_nodes, self.casts = int(found[1]), int(found[2])
        self.model = to / "mixed_precision.onnx"
        keel("run", "--model", model, "--data", data, "--precision_mode", "force_fp16",
             "--allow_hf32", "false", "--keep_dtype", to / "execeptionlist.cfg",
             "--output", to / "keel")
        keel("run", "--model", self.model, "--data", data, "--output", to / "again")

    def problem(self):
        try:
            onnx.checker.check_model(str(self.model), full_check=True)
        except Exception as error:  # the checker has no common base for what it throws
            return str(error).splitlines()[0]
        return ""


def verdict(trial, way, own_error, broken_samples, distances, error):
    _, relative, apart = distances
    if own_error > BROKEN and way != "keel":
        return "not compared: broken in fp16"
    if 2 * apart > broken_samples:
        return "FAIL: Inf or NaN elsewhere"
    floor = ONE_ROUNDING if trial.half_nodes else FP32_NOISE
    if relative > max(4 * own_error, floor):
        return "FAIL: too far from keel"
    if way == "keel" and error < own_error / 8:
        return "FAIL: rounds too little"
    return "pass"


def check(folder, arguments, scratch):
    model = folder / "model.onnx"
    inputs = onnx.load(model, load_external_data=False).graph
    constants = {tensor.name for tensor in inputs.initializer}
    ports = [port.name for port in inputs.input if port.name not in constants]
    outputs = [port.name for port in inputs.output]
    data = scratch / "data"
    names = first_samples(folder, len(ports), arguments.samples, data)
    samples = read(data, names, ports)
    study = arguments.study or scratch / "study"
    if not arguments.study:
        keel("tune", "--model", model, "--data", data, "--allow_hf32", "false", "--require",
             arguments.require, "--max_trials", arguments.trials, "--output", study,
             accepted=(0, 1))
    result = json.loads((study / "result.json").read_text())
    keel("run", "--model", model, "--data", data, "--output", scratch / "fp32")
    plain = read(scratch / "fp32", names, outputs)
    passed = True
    trials = {"lowered": result["all_lowered"], "kept": result["all_kept"],
              "recommended": result["recommendation"]}
    for title, entry in trials.items():
        if entry is None:
            continue
        to = scratch / title
        trial = Trial(study, model, data, entry["trial"], to)
        evaluated = read(to / "keel", names, outputs)
        _, own_error, _ = distance(evaluated, plain)
        broken = sum(not all(numpy.isfinite(a).all() for a in sample if a.dtype.kind == "f")
                     for sample in evaluated)
        problem = trial.problem()
        if problem:
            print(f"{folder.name:17} {title:12} not valid: {problem}")
            passed = False
        for way, got in (("ort off", in_child(trial.model, samples, False)),
                         optimised_run(trial.model, samples),
                         ("keel", read(to / "again", names, outputs))):
            if got is None:
                print(f"{folder.name:17} {title:12} {way}: FAIL: ONNX Runtime crashed")
                passed = False
                continue
            distances = distance(got, evaluated)
            _, error, _ = distance(got, plain)
            text = verdict(trial, way, own_error, broken, distances, error)
            passed = passed and not text.startswith("FAIL")
            print(f"{folder.name:17} {title:12} {trial.half_nodes:5} {trial.casts:5} {way:8} "
                  f"{distances[0]:9.2e} {distances[1]:11.2e} {own_error:9.2e} {error:9.2e}  {text}",
                  flush=True)
    return passed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--samples", type=int, default=16, help="(default %(default)s)")
    parser.add_argument("--trials", type=int, default=12, help="of each tune (default %(default)s)")
    parser.add_argument("--require", default="relative_l2<=0.001", help="(default %(default)s)")
    parser.add_argument("--study", type=Path, help="of the one FOLDER: take it instead of tuning")
    arguments = parser.parse_args()
    if arguments.study and len(arguments.folders) > 1:
        parser.error("--study is of one FOLDER")
    print(f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__} without and with graph "
          "optimisations; 'keel' is the exported model run by keel\nmax abs, relative L2: against "
          "keel's evaluation of the trial; own error: of that against fp32; error: against fp32\n"
          f"*: without {CRASHES_ON_HALF}, with which ONNX Runtime crashed")
    print(f"{'model':17} {'trial':12} {'fp16':>5} {'casts':>5} {'run by':8} {'max abs':>9} "
          f"{'relative L2':>11} {'own error':>9} {'error':>9}  verdict")
    passed = True
    for folder in arguments.folders:
        with tempfile.TemporaryDirectory() as scratch:
            passed = check(folder, arguments, Path(scratch)) and passed
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
