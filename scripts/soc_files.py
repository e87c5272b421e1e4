"""The texts of configs/soc/*.json: what is known of each chip, where from, and how surely."""

import json

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
    fields["l2_bytes_per_cycle"] = field(chip["rates_bytes_per_cycle_per_core"]["l2_read_rate"],
                                         "bytes / cycle / core", ini + ": l2_read_rate", trust)
    fields["memory_gbs"] = memory_field(chip)
    return fields


# Timing models and the chips of each that kernels were measured on (configs/timing).
TIMING_MODELS = {"Ascend310P3": ("ascend310p", ["Ascend310P3"]),
                 "Ascend910B2": ("ascend910b", ["Ascend910B2", "Ascend910B3"])}


def timing(chip):
    nearest = CORE_KINDS[chip["arch"]]["nearest"]
    model, measured = TIMING_MODELS[nearest]
    fields = {"model": model}
    if chip["soc"] not in measured:
        fields["extrapolated_from"] = nearest
    return fields


def text(chip):
    name = chip["soc"]
    plain = {"$schema": "../schema/soc.schema.json", "name": name,
             "family": CORE_KINDS[chip["arch"]]["family"]}
    plain.update({"family_note": note for series, note in BORROWED_TABLES.items()
                  if name.startswith(series)})
    if name in NOTES:
        plain["note"] = NOTES[name]
    fields = {**plain, **chip_fields(chip), "timing": timing(chip)}
    return "{\n" + ",\n".join(f" {line(key)}: {line(value)}" for key, value in fields.items()) + "\n}\n"


def texts(chips):
    """{"Ascend310P3": the text of its file}, of every chip."""
    return {name: text(chip) for name, chip in chips.items()}
