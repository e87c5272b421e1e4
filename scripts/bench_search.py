#!/usr/bin/env python3
"""Every search strategy of `keel tune` at equal evaluations, on trained models and a transformer.

    scripts/bench_search.sh --output DIR [--models NAME...] [--budgets 1 1.5 2] [--quick]

N is the number of free units of a model under force_fp16 on Ascend910B3. Each cell is one study in
DIR/MODEL/CELL: what is finished is not run again, what was killed goes on. A strategy that does not
look at its budget is run once at the largest, since that study begins with the smaller ones; the
default strategy is run at each. Volumes (see search_figures.py) are shares of that of all trials of
all cells of the model, those of a reference run of the default strategy included, and of every
assignment where there are at most 4,096.

Up to 7 samples are used, because so few are not split: every seed then ranks and validates on the
same ones. Models are folders below KEEL_SHARED/models (else ../shared/models), and `transformer`,
which is generated. Prints a table a model; DIR/search.csv and DIR/search.json hold all figures.
"""

import argparse
import collections
import csv
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import search_figures as figures

ROOT = Path(__file__).resolve().parent.parent
BINARIES = ROOT / "build/release/bin"
SHARED = Path(os.environ.get("KEEL_SHARED", ROOT.parent / "shared")) / "models"
TRANSFORMER = "transformer"
TRANSFORMER_SIZES = ("4", "256", "64", "7")  # blocks, width, sequence, samples
DEFAULT = "additive-cut"
BASELINES = {"mark": False, "segment": False, "rank": False, "random": True, "nsga2": True}
EXTRA_TRIALS = 80  # the default is also run at N and this many
BOUNDS = (1e-3, 1e-2)
SHARES = (0.95, 0.99)
MOST_SAMPLES = 7  # more are split, by a seed
SEEDS = (0, 1, 2)
MOST_ASSIGNMENTS = 4096  # up to here every assignment is evaluated: volumes are then of the truth

# trials: the budget of a study. strategy is what rows are named after.
Cell = collections.namedtuple("Cell", "strategy seed trials")


class Model:
    """A model's folder in the output, and its studies."""

    def __init__(self, name, arguments):
        self.name, self.arguments = name, arguments
        self.folder = arguments.output / name
        self.free_units = 0

    def prepare(self):
        """Puts the samples there, and counts the free units."""
        source = self.source()
        self.model = source / "model.onnx"
        self.data = self.folder / "data"
        inputs = self.data / "inputs"
        samples = sample_names(source / "inputs")[self.arguments.skip:][:self.arguments.samples]
        if not samples:
            sys.exit(f"error: {self.name} has no sample behind the first {self.arguments.skip}\n"
                     f"  fix: a smaller --skip, or other --models")
        if inputs.exists() and sample_names(inputs) != samples:
            sys.exit(f"error: studies of other samples are there\n   at: {self.folder}\n"
                     f"  fix: another --output, or the --skip and --samples of before")
        if not inputs.exists():
            inputs.mkdir(parents=True)
            for sample in samples:
                for path in (source / "inputs").glob(f"{sample}.*"):
                    shutil.copy(path, inputs / path.name)
        self.free_units = self.study(Cell("random", 0, 2)).free_units

    def source(self):
        """The folder with model.onnx and inputs."""
        if self.name != TRANSFORMER:
            return SHARED / self.name
        folder = self.folder / "source"
        if not (folder / "inputs").exists():
            subprocess.run([BINARIES / "write_stress_model", folder, *TRANSFORMER_SIZES],
                           check=True, stdout=subprocess.DEVNULL)
        return folder

    def study(self, cell):
        """The study of a cell, run to its end where it is not there yet."""
        output = self.cell_folder(cell)
        if not is_finished(output):
            command = [BINARIES / "keel", "tune", "--model", self.model, "--data", self.data,
                       "--soc_version", "Ascend910B3", "--precision_mode", "force_fp16",
                       "--require", f"relative_l2<={self.arguments.bound}",
                       "--strategy", cell.strategy, "--seed", str(cell.seed),
                       "--max_trials", str(cell.trials), "--jobs", str(self.arguments.jobs),
                       "--output", output]
            print(f"{self.name}: {cell.strategy}, seed {cell.seed}, at most {cell.trials} trials",
                  file=sys.stderr, flush=True)
            done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                  text=True, check=False)
            if done.returncode not in (0, 1) or not is_finished(output):
                sys.exit(f"error: keel ended with {done.returncode}\n   at: {output}\n"
                         f"  fix: {done.stderr.strip() or 'run the command again'}")
        return figures.read_study(output)

    def seconds(self, cell):
        """Wall-clock seconds of the search phase; of the last part where it was killed."""
        run = json.loads((self.cell_folder(cell) / "run.json").read_text())
        return run["phase_seconds"]["search"]

    def cell_folder(self, cell):
        """Where the study of a cell is."""
        return self.folder / f"{cell.strategy}_seed{cell.seed}_trials{cell.trials}"


def sample_names(folder):
    """Of the samples in a folder, in order: one may have a file for each input."""
    return sorted({path.name.split(".")[0] for path in folder.iterdir()})


def is_finished(folder):
    """Whether a study has its report."""
    result = folder / "result.json"
    return result.exists() and json.loads(result.read_text())["finished"]


def budgets_of(free_units, factors):
    """Trials at each budget, by factor."""
    return {factor: math.ceil(factor * free_units) for factor in factors}


def median(values):
    """The median, with None as more than everything."""
    value = statistics.median_high([math.inf if v is None else v for v in values])
    return None if math.isinf(value) else value


def measure(name, arguments):
    """All figures of a model, as a dictionary."""
    model = Model(name, arguments)
    model.prepare()
    units = model.free_units
    budgets = budgets_of(units, arguments.budgets)
    largest = max(budgets.values())
    cells = {}  # (strategy, budget or None where it holds all): cells, one a seed
    for strategy, has_seed in BASELINES.items():
        seeds = arguments.seeds if has_seed else SEEDS[:1]
        cells[strategy, None] = [Cell(strategy, seed, largest) for seed in seeds]
    for trials in sorted({*budgets.values(), units + EXTRA_TRIALS}):
        cells[DEFAULT, trials] = [Cell(DEFAULT, 0, trials)]
    reference = Cell(DEFAULT, 0, math.ceil(arguments.reference * units))
    studies = {cell: model.study(cell) for group in cells.values() for cell in group}
    studies[reference] = model.study(reference)
    if 2 ** units <= MOST_ASSIGNMENTS:
        truth = Cell("exhaustive", 0, 2 ** units)
        studies[truth] = model.study(truth)
    everything = [trial for study in studies.values() for trial in study.trials]
    corner = figures.reference_point(everything)
    best = figures.volume_curve(everything, corner)[-1]
    fastest = {bound: figures.least_latency(everything, bound) for bound in BOUNDS}

    def row(strategy, group, trials):
        first = [studies[cell].trials[:trials] for cell in group]
        curves = [figures.volume_curve(part, corner) for part in first]
        volumes = [curve[-1] / best if best > 0 else 1.0 for curve in curves]
        return {
            "strategy": strategy, "trials": trials,
            "evaluated": median([len(part) for part in first]),
            "volume": statistics.median(volumes), "least_volume": min(volumes),
            "largest_volume": max(volumes),
            **{f"evaluations_to_{share:g}": median(
                [figures.evaluations_to(curve, share * best) for curve in curves])
               for share in SHARES},
            **{f"excess_at_{bound:g}": median(
                [excess(figures.least_latency(part, bound), fastest[bound]) for part in first])
               for bound in BOUNDS},
            # Of the whole study: of a smaller budget of the same study it is not known.
            "seconds": median([model.seconds(cell) for cell in group])
            if trials == group[0].trials else None,
        }

    rows = []
    for (strategy, trials), group in cells.items():
        for budget in [trials] if trials else sorted(set(budgets.values())):
            rows.append(row(strategy, group, budget))
    rows.append({**row(DEFAULT, [reference], reference.trials), "strategy": "reference"})
    study = studies[reference]
    return {"model": name, "free_units": units, "free_nodes": study.free_nodes,
            "samples": len(sample_names(model.data / "inputs")),
            "budgets": list(budgets.values()),
            "least_error": min(trial.error for trial in everything),
            "all_lowered_error": next(trial.error for trial in study.trials if trial.is_anchor),
            "latency_us": [min(trial.latency_us for trial in everything if trial.ran), corner[1]],
            "rows": rows, "verdicts": verdicts(rows, units, largest, fastest)}


def excess(latency_us, fastest_us):
    """How much longer than the fastest known, as a ratio; None: no trial is within the bound."""
    return latency_us / fastest_us - 1 if math.isfinite(latency_us) else None


def verdicts(rows, units, largest, fastest):
    """What is asked of the default strategy, and what it gave."""
    def default_at(trials):
        return next(row for row in rows if (row["strategy"], row["trials"]) == (DEFAULT, trials))

    at_extra, at_largest = default_at(units + EXTRA_TRIALS), default_at(largest)
    best_baseline = max((row for row in rows
                         if row["strategy"] in BASELINES and row["trials"] == largest),
                        key=lambda row: row["volume"])
    # Not within a bound that another trial meets: as far from the fastest as can be.
    excesses = [math.inf if at_largest[f"excess_at_{bound:g}"] is None
                else at_largest[f"excess_at_{bound:g}"]
                for bound in BOUNDS if math.isfinite(fastest[bound])]
    return {
        f"volume of 0.99 by N + {EXTRA_TRIALS}": [at_extra["volume"] >= 0.99, at_extra["volume"]],
        "ahead of every baseline at the largest budget": [
            at_largest["volume"] >= best_baseline["volume"],
            at_largest["volume"] - best_baseline["volume"], best_baseline["strategy"]],
        "latency excess of at most 0.01": [all(value <= 0.01 for value in excesses),
                                           max(excesses, default=0.0)]}


def shown(value, form):
    """A figure, or - where there is none."""
    return "-" if value is None else format(value, form)


def volume_cell(row):
    """A volume, with the least and the largest of the seeds."""
    if row["least_volume"] == row["largest_volume"]:
        return f"{row['volume']:.3f}"
    return f"{row['volume']:.3f} ({row['least_volume']:.3f} to {row['largest_volume']:.3f})"


def table(result):
    """The figures of a model in Markdown: volumes at each budget, the rest at the largest; the
    default strategy also with more trials."""
    budgets = sorted(set(result["budgets"]))
    titles = ["strategy", *(f"volume at {trials}" for trials in budgets), "to 95 %", "to 99 %",
              *(f"excess at {bound:g}" for bound in BOUNDS), "seconds"]
    lines = [f"{result['model']}: N = {result['free_units']} units ({result['free_nodes']} nodes), "
             f"{result['samples']} samples, all lowered {result['all_lowered_error']:.2g}, "
             f"{result['latency_us'][0]:.1f} to {result['latency_us'][1]:.1f} us", "",
             f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]

    def line(name, volumes, row):
        cells = [name, *volumes, *(shown(row[f"evaluations_to_{s:g}"], "d") for s in SHARES),
                 *(shown(row[f"excess_at_{bound:g}"], ".1%") for bound in BOUNDS),
                 shown(row["seconds"], ".1f")]
        lines.append(f"| {' | '.join(cells)} |")

    for strategy in [DEFAULT, *BASELINES]:
        rows = {row["trials"]: row for row in result["rows"] if row["strategy"] == strategy}
        line(strategy, [volume_cell(rows[trials]) for trials in budgets], rows[budgets[-1]])
    blank = [""] * (len(budgets) - 1)
    for row in result["rows"]:
        if row["strategy"] == "reference" or (row["strategy"] == DEFAULT
                                              and row["trials"] not in budgets):
            line(f"{DEFAULT}, at most {row['trials']}: {row['evaluated']}",
                 [*blank, volume_cell(row)], row)
    lines.append("")
    for claim, (holds, *values) in result["verdicts"].items():
        told = ", ".join(value if isinstance(value, str) else f"{value:.4f}" for value in values)
        lines.append(f"- {'yes' if holds else 'no'}, {claim}: {told}")
    return "\n".join(lines)


def finite(value):
    """JSON has no infinity: null."""
    if isinstance(value, dict):
        return {key: finite(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [finite(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write(results, folder):
    """search.json and search.csv."""
    text = json.dumps(finite(results), indent=1, allow_nan=False)
    (folder / "search.json").write_text(text + "\n")
    with (folder / "search.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["model", "free_units", *results[0]["rows"][0]],
                                lineterminator="\n")
        writer.writeheader()
        for result in results:
            for row in result["rows"]:
                writer.writerow({"model": result["model"], "free_units": result["free_units"],
                                 **row})


def main():
    """Runs, prints, writes."""
    known = sorted(path.parent.name for path in SHARED.glob("*/model.onnx")) + [TRANSFORMER]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--models", nargs="+", default=known, metavar="NAME",
                        help=f"of {', '.join(known)} (default: all)")
    parser.add_argument("--budgets", nargs="+", type=float, default=[1, 1.5, 2], metavar="FACTOR",
                        help="trials a free unit (default 1 1.5 2)")
    parser.add_argument("--reference", type=float, default=10, metavar="FACTOR",
                        help="trials a free unit of the reference run (default %(default)s)")
    parser.add_argument("--seeds", nargs="+", type=int, default=SEEDS)
    parser.add_argument("--samples", type=int, default=MOST_SAMPLES,
                        choices=range(1, MOST_SAMPLES + 1))
    parser.add_argument("--skip", type=int, default=0, metavar="N",
                        help="samples before those that are used, for others (default 0)")
    parser.add_argument("--bound", type=float, default=1e-2,
                        help="relative L2 error that studies require (default %(default)s)")
    parser.add_argument("--jobs", type=int, default=1, help="threads of a study")
    parser.add_argument("--quick", action="store_true",
                        help="one seed, two samples, a reference run of 4 N")
    arguments = parser.parse_args()
    if arguments.skip < 0:
        sys.exit("error: --skip takes a number of samples\n  fix: 0 or more")
    if arguments.quick:
        arguments.seeds, arguments.samples, arguments.reference = [0], 2, 4
    unknown = [name for name in arguments.models if name not in known]
    if unknown:
        sys.exit(f"error: no model {', '.join(unknown)} in {SHARED}\n"
                 f"  fix: set KEEL_SHARED, or name one of {', '.join(known)}")
    results = []
    for name in arguments.models:
        results.append(measure(name, arguments))
        print(table(results[-1]), end="\n\n", flush=True)
        write(results, arguments.output)


if __name__ == "__main__":
    main()
