"""The texts of configs/soc/*.json: what is known of each chip, where from, and how surely."""

import json
import math
import statistics

BYTES = {"float16": 2, "bfloat16": 2, "float32": 4}

# What chips with the same core share: the family whose operator table they use, whether overflow
# saturates, and whose measured kernel times are nearest.
CORE_KINDS = {
    "dav-m100": {"family": "ascend310", "overflow": "saturate", "nearest": "Ascend310P3"},
    "dav-m200": {"family": "ascend310p", "overflow": "saturate", "nearest": "Ascend310P3"},
    "dav-m300": {"family": "ascend310b", "overflow": "saturate", "nearest": "Ascend310P3"},
    "dav-c100": {"family": "ascend910", "overflow": "saturate", "nearest": "Ascend310P3"},
    "dav-c220-cube": {"family": "ascend910b", "overflow": "inf_nan", "nearest": "Ascend910B2"},
    "dav-c310-cube": {"family": "ascend910b", "overflow": "inf_nan", "nearest": "Ascend910B2"},
}

# Series without an operator table of their own in op_info.json.
BORROWED_TABLES = {
    "Ascend910_93": "borrowed: the vendor's operator table of ascend910_93 was not found; its core "
                    "is the same as that of ascend910b (dav-c220)",
    "Ascend950": "borrowed: the vendor's operator table of ascend950 was not found; its core "
                 "(dav-c310) succeeds that of ascend910b (dav-c220), what it adds is missing",
}

NOTES = {
    "Ascend910B": "Ascend910B is the 30-core part at 900 MHz of the first generation; the chips of "
                  "Atlas A2 are Ascend910B1 to Ascend910B4",
}

RATE_UNIT = "multiply-accumulates / cycle / core"


def line(value):
    return json.dumps(value, ensure_ascii=False)


def field(value, unit, source, confidence="good"):
    entry = {"value": value, "unit": unit, "source": source, "confidence": confidence}
    return {key: part for key, part in entry.items() if part is not None}


def unknown(unit, reason):
    return {"value": None, "unit": unit, "reason": reason}


def ini_of(chip):
    """The vendor's file of a chip, and how far it is trusted."""
    if chip["soc"] == "Ascend310":
        return ("Ascend310.ini of the vendor's platform_config, as kept in test data "
                "(cann/ge ffdcbc9f)"), "medium"
    repository = "cann-dev/runtime" if "cann-dev" in chip["source"] else "cann/runtime"
    return (f"{chip['soc']}.ini of the vendor's platform_config ({repository} 681ef761)"), "good"


def overflow_field(chip):
    source = "vendor documentation of the overflow mode"
    if chip["arch"] == "dav-c310-cube":
        source += " (CANN 9.1, aclrtFloatOverflowMode): the only mode of Ascend950"
    return field(CORE_KINDS[chip["arch"]]["overflow"], None, source)


def vector_fields(chip, ini, trust):
    """Cores and clock of the vector unit."""
    arch = chip["arch"]
    of_the_core = "the clock of the AI core the vector unit is part of"
    if arch == "dav-m200":
        cores = field(chip["cube_core_cnt"], "cores", "one vector unit in each AI core; the "
                      f"{chip['vector_core_cnt']} vector cores beside them run kernels of their "
                      "own and are not counted", "medium")
        return cores, field(chip["cube_freq_mhz"], "MHz", of_the_core, "medium")
    if chip["cube_vector_combine"].startswith("fused"):
        return (field(chip["cube_core_cnt"], "cores", "one vector unit in each AI core"),
                field(chip["cube_freq_mhz"], "MHz", of_the_core, "medium"))
    beside = "two beside each cube core" if chip["cube_vector_combine"] == "split" else ini
    if chip["vec_freq_note"]:
        clock = field(chip["vec_freq_mhz"], "MHz", "assumed equal to the cube clock", "medium")
    else:
        clock = field(chip["vec_freq_mhz"], "MHz", ini, trust)
    return field(chip["vector_core_cnt"], "cores", beside), clock


def slow_rate_fields(chip, ini, trust):
    """HF32 and fp32 products, which no ini file gives the rate of."""
    macs = chip["cube_macs_per_cycle_per_core"]
    if not macs["fp32"]:
        absent = ini + ": not in Intrinsic_mmad"
        return field(0, RATE_UNIT, absent, trust), field(0, RATE_UNIT, absent, trust)
    if chip["arch"] == "dav-c220-cube":
        return (field(macs["hf32"], RATE_UNIT, "half of fp16, from the k-tile of 8; not measured",
                      "medium"),
                field(macs["fp32"], RATE_UNIT, "a quarter of fp16: k-tile of 8; 84.5 to 87 of 88.5 "
                      "TFLOPS measured on Ascend910B2"))
    return (field(macs["hf32"], RATE_UNIT, "half of fp16, as assumed of Ascend910B2; not measured",
                  "low"),
            field(macs["fp32"], RATE_UNIT, "a quarter of fp16, as measured on Ascend910B2; not "
                  "measured on this chip", "low"))


def memory_field(chip):
    unit = "1e9 bytes / s"
    name, memory = chip["soc"], chip.get("memory", {})
    read = chip["rates_bytes_per_cycle_per_core"]["ddr_read_rate"]
    by_ini = (f"{read} bytes a cycle and core of the ini file would be "
              f"{chip['ddr_bw_from_ini_gbs']['aic']:.0f} GB/s")
    if memory.get("bandwidth_gbs") is None:
        return unknown(unit, {
            "Ascend310": "no data sheet was found; the 67 bytes a cycle of the ini file would be "
                         "46 GB/s if they are the chip's, 91 GB/s if they are a core's",
            "dav-m200": "no data sheet was found; the ini file has the rates of Ascend310P3, which "
                        "has 204 GB/s",
            "dav-m300": "the product page says LPDDR4X and no rate",
            "dav-c100": f"no data sheet was found; {by_ini}",
            "dav-c310-cube": f"no data sheet was found; {by_ini}",
        }[name if name == "Ascend310" else chip["arch"]])
    model = "B/s of the vendor's model (msmodeling 84fec853)"
    confidence = memory["confidence"].split(" ")[0]
    source = {
        "dav-m200": "408 GB/s of an Atlas 300I Duo card, which has two of these chips",
        "dav-m300": "3200 Mbit/s x 64 bit of the data sheet of the Atlas 200I DK A2",
        "dav-c220-cube": f"1.6 * 1024^4 {model}, HBM",
        "dav-c310-cube": "the vendor's announcement of 2025, HiBL 1.0",
    }[chip["arch"]]
    if memory["bandwidth_gbs"] == 880:
        source = f"0.8 * 1024^4 {model} of the card with 32 GB, HBM"
    elif confidence == "low":
        source = (f"1.6 * 1024^4 {model} of the cards with 64 GB; which memory this chip has is "
                  "unsure")
    return field(memory["bandwidth_gbs"], unit, source, confidence)


def chip_fields(chip):
    ini, trust = ini_of(chip)
    supports = chip["cube_supports"]
    mmad = trust if chip["arch"] != "dav-c310-cube" else "medium"
    vector_cores, vector_mhz = vector_fields(chip, ini, trust)
    hf32, fp32 = slow_rate_fields(chip, ini, trust)
    fields = {
        "overflow": overflow_field(chip),
        "cube_fp32": field(supports["fp32"], None, ini + ": Intrinsic_mmad", mmad),
        "cube_hf32": field(supports["hf32"], None, ini + ": Intrinsic_mmad", mmad),
        "bf16": field(supports["bf16"], None, "vendor documentation of the precision modes"),
        "cube_cores": field(chip["cube_core_cnt"], "cores", ini, trust),
        "vector_cores": vector_cores,
        "cube_mhz": field(chip["cube_freq_mhz"], "MHz", ini, trust),
        "vector_mhz": vector_mhz,
        "cube_macs_fp16": field(chip["cube_macs_per_cycle_per_core"]["fp16"], RATE_UNIT,
                                ini + ": Intrinsic_mmad and DtypeMKN", trust),
        "cube_macs_hf32": hf32,
        "cube_macs_fp32": fp32,
        "vector_bytes_per_cycle": field(chip["vec_bytes_per_cycle_peak"], "bytes / cycle / core",
                                        ini + ": 128 fp16 lanes", trust),
    }
    for memory in ("ub", "l1", "l0a", "l0b", "l0c", "l2"):
        fields[memory + "_bytes"] = field(chip[memory + "_bytes"], "bytes", ini, trust)
    fields["memory_gbs"] = memory_field(chip)
    return fields


TIMING_UNITS = {"launch_us": "us", "vector_launch_us": "us", "l2_gbs": "1e9 bytes / s",
                "relative_error": "share of the measured time"}


def timing(values):
    return {name: field(value, TIMING_UNITS.get(name, "share of peak"), source, confidence)
            for name, (value, source, confidence) in values.items()}


def timing_310p3():
    fit = ("fitted on 24 networks on Ascend310P with 7 parameters; whole models held out: "
           "MAPE 23.8 %, median 15.6 %")
    values = {"launch_us": 3.26, "vector_launch_us": 3.26, "cube_efficiency": 0.80,
              "depthwise_efficiency": 0.24, "vector_efficiency": 0.345, "memory_efficiency": 0.87,
              "l2_gbs": 320}
    timings = {key: (value, fit, "medium") for key, value in values.items()}
    timings["relative_error"] = (0.238, "24 networks on Ascend310P, whole models held out of a fit "
                                 "of this form: mean error 23.8 %, median 15.6 %", "medium")
    return timings


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


def timing_910b(chip, other, bench, latencies):
    """Constants of a chip that differs from the measured Ascend910B2 in its cores' number only."""
    floor = measured(bench["matmul"], dtype="fp16", M=64, K=64, N=64)["us"]
    cube, products = large_product_share(bench, other["peak_derived"]["fp16_tflops"])
    launch, l2_gbs, worst, points = fit_sigmoid(latencies, other["l2_bytes"])
    stream = measured(bench["elementwise"], op="sigmoid", dtype="fp32", shape="8192x8192")
    stream_gbs = stream["bytes_in_plus_out"] / stream["us"] * 1e-3
    shares = vector_shares(bench, other)
    sigmoid = (f"line t = t0 + bytes / bandwidth through {points} sigmoid kernels that fit the L2, "
               f"by relative least squares, worst error {100 * worst:.0f} %: {MEASURED}")
    cores, of_cores = chip["cube_core_cnt"], other["cube_core_cnt"]
    scaled = "" if cores == of_cores else f"{l2_gbs:.0f} GB/s times {cores} of {of_cores} cores; "
    return {
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
        "l2_gbs": (round(l2_gbs * cores / of_cores), scaled + sigmoid, "medium"),
        "relative_error": (0.245, "395 operators on Ascend910B2, each left out of a fit of this "
                           "form: mean error 24.5 %, median 18.8 %", "medium"),
    }


def l2_rate(chip):
    """Bytes a microsecond of all cores, by the ini file."""
    return (chip["cube_core_cnt"] * chip["cube_freq_mhz"] *
            chip["rates_bytes_per_cycle_per_core"]["l2_read_rate"])


def extrapolated(chip, base, base_timings):
    """Constants of a chip that no kernel time of was found, from the nearest one with some."""
    name = base["soc"]
    timings = {key: (value, f"value of {name}, the nearest chip with measured times; not measured "
                     "on this one", "low") for key, (value, _, _) in base_timings.items()}
    l2_gbs = base_timings["l2_gbs"][0]
    timings["l2_gbs"] = (round(l2_gbs * l2_rate(chip) / l2_rate(base)),
                         f"{l2_gbs} GB/s of {name}, scaled by cores, clock and L2 bytes a cycle of "
                         "the two ini files", "low")
    timings["relative_error"] = (base_timings["relative_error"][0],
                                 f"error on {name}; no time predicted for this chip was compared "
                                 "with a measured one, the error may be larger", "low")
    return timings


def text(chip, timings, extrapolated_from):
    name = chip["soc"]
    plain = {"$schema": "../schema/soc.schema.json", "name": name,
             "family": CORE_KINDS[chip["arch"]]["family"]}
    plain.update({"family_note": note for series, note in BORROWED_TABLES.items()
                  if name.startswith(series)})
    if name in NOTES:
        plain["note"] = NOTES[name]
    rows = [f" {line(key)}: {line(value)}" for key, value in {**plain, **chip_fields(chip)}.items()]
    times = {"extrapolated_from": extrapolated_from} if extrapolated_from else {}
    times.update(timing(timings))
    time_rows = ",\n".join(f"  {line(key)}: {line(value)}" for key, value in times.items())
    return "{\n" + ",\n".join(rows) + f',\n "timing": {{\n{time_rows}\n }}\n}}\n'


def texts(chips, bench, latencies):
    """{"Ascend310P3": the text of its file}, of every chip."""
    measured_910b = chips["Ascend910B2"]
    known = {"Ascend310P3": timing_310p3()}
    for name in ("Ascend910B2", "Ascend910B3"):
        known[name] = timing_910b(chips[name], measured_910b, bench, latencies)
    result = {}
    for name, chip in chips.items():
        base = CORE_KINDS[chip["arch"]]["nearest"]
        timings = known.get(name) or extrapolated(chip, chips[base], known[base])
        result[name] = text(chip, timings, None if name in known else base)
    return result
