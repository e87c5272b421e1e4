#!/usr/bin/python3
"""Writes configs/ascend/*.json and configs/soc/*.json from collected facts and measurements.

    scripts/make_ascend_configs.py SOURCE

SOURCE holds ascend/{onnx_to_ascend,op_info,soc_params}.json and
calibration/{microbench,op_latency_910b2}.json. Same input, same bytes.
"""

import json
import math
import statistics
import sys
from pathlib import Path

CONFIGS = Path(__file__).resolve().parent.parent / "configs"
BYTES = {"float16": 2, "bfloat16": 2, "float32": 4}
FLOAT_NAMES = {"float": "float32"}  # op_info spells fp32 both ways
# Graph operators the table of kernels does not list, or lists with a size as the first input: the
# kernel a pass turns each into.
IMPLEMENTED_BY = {"CommonLSTM": "DynamicRNN", "CommonGRU": "DynamicGRUV2",
                  "Conv2DTranspose": "Conv2DTransposeD", "Conv3DTranspose": "Conv3DTransposeD"}
NOT_TENSORS = {"int4"}  # keel has no tensors of it


def load(path):
    return json.loads(path.read_text())


def line(value):
    return json.dumps(value, ensure_ascii=False)


def onnx_table(facts):
    """{"Conv": ["Conv2D", ...]}: the types that do the work first, then the others."""
    ops = {}
    for name, op in facts["ops"].items():
        ops[name] = list(dict.fromkeys(op["primary"] + op["ascend"]))
    return ops


def onnx_text(facts):
    about = ("ONNX operator -> Ascend IR types it becomes, the ones that do its work first "
             "(approximate where there are several)")
    rows = [f"  {line(name)}: {line(types)}" for name, types in sorted(onnx_table(facts).items())]
    return document(about, facts["source"], rows)


def first_dtypes(operands):
    for dtypes in (operands or {}).values():
        if isinstance(dtypes, list):
            names = dict.fromkeys(FLOAT_NAMES.get(dtype, dtype) for dtype in dtypes)
            return [dtype for dtype in names if dtype not in NOT_TENSORS]
    return []


def family_groups(families):
    """SoC families with the same facts share one group."""
    groups = {}
    for family, facts in sorted(families.items()):
        group = {"mix": facts["mix"]}
        for side in ("in", "out"):
            if dtypes := first_dtypes(facts.get(side)):
                group[side] = dtypes
        groups.setdefault(line(group), (group, []))[1].append(family)
    return [{"families": names, **group} for group, names in groups.values()]


def op_info_text(facts):
    about = ("Ascend IR type -> unit, mixed-precision list and dtypes of the first input and "
             "output, per SoC family; without 'in' the dtypes are decided at compile time")
    rows = []
    aliases = {name: facts["ops"][kernel] for name, kernel in IMPLEMENTED_BY.items()}
    for name, op in sorted({**facts["ops"], **aliases}.items()):
        unit = "cube" if op["cube"] else "vector"
        groups = ",\n".join(f"    {line(group)}" for group in family_groups(op["soc"]))
        rows.append(f'  {line(name)}: {{"unit": {line(unit)}, "soc": [\n{groups}]}}')
    return document(about, facts["source"], rows)


def document(about, source, rows):
    head = f'{{\n "about": {line(about)},\n "source": {line(source)},\n "ops": {{\n'
    return head + ",\n".join(rows) + "\n }\n}\n"


def field(value, unit, source, confidence="good"):
    entry = {"value": value, "unit": unit, "source": source, "confidence": confidence}
    return {key: part for key, part in entry.items() if part is not None}


def chip_fields(chip, vector_cores, vector_mhz, overflow, memory_source):
    ini = f"{chip['soc']}.ini of the vendor's platform_config (cann/runtime 681ef761)"
    macs = chip["cube_macs_per_cycle_per_core"]
    rate = ini + ": Intrinsic_mmad and DtypeMKN"
    derived = "a quarter of fp16: k-tile of 8; 84.5 to 87 of 88.5 TFLOPS measured on Ascend910B2"
    assumed = "half of fp16, from the k-tile of 8; not measured"
    absent = ini + ": not in Intrinsic_mmad"
    supports = chip["cube_supports"]
    fields = {
        "overflow": field(overflow, None, "vendor documentation of the overflow mode"),
        "cube_fp32": field(supports["fp32"], None, ini + ": Intrinsic_mmad"),
        "cube_hf32": field(supports["hf32"], None, ini + ": Intrinsic_mmad"),
        "bf16": field(supports["bf16"], None, "vendor documentation of the precision modes"),
        "cube_cores": field(chip["cube_core_cnt"], "cores", ini),
        "vector_cores": vector_cores,
        "cube_mhz": field(chip["cube_freq_mhz"], "MHz", ini),
        "vector_mhz": vector_mhz,
        "cube_macs_fp16": field(macs["fp16"], "multiply-accumulates / cycle / core", rate),
        "cube_macs_hf32": field(macs["hf32"] or 0, "multiply-accumulates / cycle / core",
                                assumed if macs["hf32"] else absent,
                                "medium" if macs["hf32"] else "good"),
        "cube_macs_fp32": field(macs["fp32"] or 0, "multiply-accumulates / cycle / core",
                                derived if macs["fp32"] else absent),
        "vector_bytes_per_cycle": field(chip["vec_bytes_per_cycle_peak"], "bytes / cycle / core",
                                        ini + ": 128 fp16 lanes"),
    }
    for memory in ("ub", "l1", "l0a", "l0b", "l0c", "l2"):
        fields[memory + "_bytes"] = field(chip[memory + "_bytes"], "bytes", ini)
    fields["memory_gbs"] = field(chip["memory"]["bandwidth_gbs"], "1e9 bytes / s", memory_source,
                                 chip["memory"]["confidence"])
    return fields


TIMING_UNITS = {"launch_us": "us", "vector_launch_us": "us", "l2_gbs": "1e9 bytes / s"}


def timing(values):
    return {name: field(value, TIMING_UNITS.get(name, "share of peak"), source, confidence)
            for name, (value, source, confidence) in values.items()}


def soc_text(name, family, fields, timings):
    rows = [f" {line(key)}: {line(value)}" for key, value in fields.items()]
    times = ",\n".join(f"  {line(key)}: {line(value)}" for key, value in timings.items())
    head = f'{{\n "$schema": "../schema/soc.schema.json",\n "name": {line(name)},\n'
    head += f' "family": {line(family)},\n'
    return head + ",\n".join(rows) + f',\n "timing": {{\n{times}\n }}\n}}\n'


def ascend310p3(chips):
    chip = chips["Ascend310P3"]
    fit = ("fitted on 24 networks on Ascend310P with 7 parameters; whole models held out: "
           "MAPE 23.8 %, median 15.6 %")
    fields = chip_fields(
        chip,
        field(chip["cube_core_cnt"], "cores", "one vector unit in each AI core; the 7 vector cores "
              "beside them run kernels of their own and are not counted", "medium"),
        field(chip["cube_freq_mhz"], "MHz", "the clock of the AI core the vector unit is part of",
              "medium"),
        "saturate", "408 GB/s of an Atlas 300I Duo card, which has two of these chips")
    values = {"launch_us": 3.26, "vector_launch_us": 3.26, "cube_efficiency": 0.80,
              "depthwise_efficiency": 0.24, "vector_efficiency": 0.345, "memory_efficiency": 0.87,
              "l2_gbs": 320}
    timings = {key: (value, fit, "medium") for key, value in values.items()}
    timings["relative_error"] = (0.238, "24 networks on Ascend310P, whole models held out of a fit of this "
                                 "form: mean error 23.8 %, median 15.6 %", "medium")
    return soc_text("Ascend310P3", "ascend310p", fields, timing(timings))


MEASURED = "cann-bench d59d44ca, device kernel times on Ascend910B2"

# Cycles per 256 bytes of fp32 of the shortest instruction sequences we know for these kernels,
# which compute in fp32 on fp16 tensors: casts 1 each, add/mul 2, scalar add/mul 1, exp/ln 2, div 4.
# mish x*tanh(ln(1+exp(x))): 2 casts, 2 exp, 1 ln, 3 scalar adds and muls, 1 div, 1 mul.
# gelu x/(1+exp(-1.6x(1+0.045x^2))): 2 casts, 2 muls, 4 scalar adds and muls, 1 exp, 1 div.
FP32_CYCLES = {"mish": 17, "gelu": 16}
FP32_LANES = 64  # elements in 256 bytes


def fit_line(points):
    """t0 and slope of t = t0 + slope * x by least squares on relative errors."""
    one = sum(1 / t**2 for _, t in points)
    x1 = sum(x / t**2 for x, t in points)
    x2 = sum(x * x / t**2 for x, t in points)
    y0 = sum(1 / t for _, t in points)
    y1 = sum(x / t for x, t in points)
    determinant = one * x2 - x1 * x1
    return (y0 * x2 - y1 * x1) / determinant, (one * y1 - x1 * y0) / determinant


def fit_sigmoid(latencies, l2_bytes):
    """Launch overhead in us, bandwidth in GB/s, worst relative error, points."""
    points = []
    for row in latencies["rows"]:
        if row["op"] == "sigmoid" and row["single_kernel"]:
            elements = math.prod(json.loads(row["input_shape"])[0])
            moved = 2 * elements * BYTES[json.loads(row["dtype"])[0]]
            if moved <= l2_bytes:
                points.append((moved, row["measured_us"]))
    launch, slope = fit_line(points)
    worst = max(abs((launch + slope * x) / t - 1) for x, t in points)
    return launch, 1e-3 / slope, worst, len(points)


def from_cann_bench(rows):
    return [row for row in rows if "cann-bench" in row["source"] and "us" in row]


def large_product_share(bench, peak_tflops):
    shares = [row["tflops"] / peak_tflops for row in from_cann_bench(bench["matmul"])
              if row["dtype"] in ("fp16", "bf16") and min(row["M"], row["K"], row["N"]) >= 4096]
    return statistics.median(shares), len(shares)


def measured(rows, **wanted):
    return next(row for row in from_cann_bench(rows)
                if all(row.get(key) == value for key, value in wanted.items()))


def vector_shares(bench, chip):
    """Reached share of the vector unit's peak by kernels that it bounds."""
    shares = []
    for name, cycles in FP32_CYCLES.items():
        row = measured(bench["elementwise"], op=name, dtype="fp16", shape="8192x8192")
        repeats = 8192 * 8192 / FP32_LANES
        peak_us = repeats * cycles / (chip["vector_core_cnt"] * chip["vec_freq_mhz"])
        shares.append(peak_us / row["us"])
    return shares


def ascend910b3(chips, bench, latencies):
    chip, other = chips["Ascend910B3"], chips["Ascend910B2"]
    cores = chip["cube_core_cnt"] / other["cube_core_cnt"]
    floor = measured(bench["matmul"], dtype="fp16", M=64, K=64, N=64)["us"]
    cube, products = large_product_share(bench, other["peak_derived"]["fp16_tflops"])
    launch, l2_gbs, worst, points = fit_sigmoid(latencies, other["l2_bytes"])
    stream = measured(bench["elementwise"], op="sigmoid", dtype="fp32", shape="8192x8192")
    stream_gbs = stream["bytes_in_plus_out"] / stream["us"] * 1e-3
    shares = vector_shares(bench, other)
    sigmoid = (f"line t = t0 + bytes / bandwidth through {points} sigmoid kernels that fit the L2, "
               f"by relative least squares, worst error {100 * worst:.0f} %: {MEASURED}")
    timings = timing({
        "launch_us": (floor, f"matmul 64x64x64 fp16: {MEASURED}", "medium"),
        "vector_launch_us": (round(launch, 2), sigmoid, "medium"),
        "cube_efficiency": (round(cube, 3), f"median share of 353.9 TFLOPS over {products} "
                            f"fp16 and bf16 products of extents >= 4096: {MEASURED}", "medium"),
        "depthwise_efficiency": (0.24, "value of Ascend310P3; no depthwise kernel of this chip was "
                                 "measured by itself", "low"),
        "vector_efficiency": (round(math.prod(shares) ** (1 / len(shares)), 3),
                              "geometric mean of mish and gelu, fp16 8192x8192 "
                              f"({shares[0]:.2f} and {shares[1]:.2f}), over instruction counts we "
                              f"assume: {MEASURED}", "low"),
        "memory_efficiency": (round(stream_gbs / chip["memory"]["bandwidth_gbs"], 3),
                              f"sigmoid fp32 8192x8192 streams {stream_gbs:.0f} GB/s: {MEASURED}",
                              "medium"),
        "l2_gbs": (round(l2_gbs * cores), f"{l2_gbs:.0f} GB/s times 20 of 24 cores; {sigmoid}",
                   "medium"),
        "relative_error": (0.245, "395 operators on Ascend910B2, each left out of a fit of this form: "
                           "mean error 24.5 %, median 18.8 %", "medium"),
    })
    fields = chip_fields(
        chip, field(chip["vector_core_cnt"], "cores", "two beside each cube core"),
        field(chip["vec_freq_mhz"], "MHz", "assumed equal to the cube clock", "medium"),
        "inf_nan", "1.6 * 1024^4 B/s of the vendor's model (msmodeling 84fec853), HBM")
    return soc_text("Ascend910B3", "ascend910b", fields, timings)


def main(arguments):
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__.strip())
        return 0 if arguments in (["-h"], ["--help"]) else 2
    source = Path(arguments[0])
    chips = load(source / "ascend/soc_params.json")["socs"]
    bench = load(source / "calibration/microbench.json")
    latencies = load(source / "calibration/op_latency_910b2.json")
    for name, text in {
        "ascend/onnx_to_ascend.json": onnx_text(load(source / "ascend/onnx_to_ascend.json")),
        "ascend/op_info.json": op_info_text(load(source / "ascend/op_info.json")),
        "soc/Ascend310P3.json": ascend310p3(chips),
        "soc/Ascend910B3.json": ascend910b3(chips, bench, latencies),
    }.items():
        json.loads(text)
        path = CONFIGS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
