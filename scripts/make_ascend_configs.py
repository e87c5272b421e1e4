#!/usr/bin/python3
"""Writes configs/ascend/*.json and configs/soc/*.json from collected facts.

    scripts/make_ascend_configs.py SOURCE [OUTPUT]

SOURCE holds ascend/{onnx_to_ascend,op_info,soc_params}.json. OUTPUT is the configs folder to write,
that of the checkout by default. Same input, same bytes.
"""

import json
import sys
from pathlib import Path

import soc_files

CONFIGS = Path(__file__).resolve().parent.parent / "configs"
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


def main(arguments):
    if len(arguments) not in (1, 2) or arguments[0].startswith("-"):
        print(__doc__.strip())
        return 0 if arguments in (["-h"], ["--help"]) else 2
    source = Path(arguments[0])
    output = Path(arguments[1]) if len(arguments) == 2 else CONFIGS
    facts = {name: load(source / f"ascend/{name}.json")
             for name in ("onnx_to_ascend", "op_info", "soc_params")}
    chips = soc_files.texts(facts["soc_params"]["socs"])
    for name, text in {
        "ascend/onnx_to_ascend.json": onnx_text(facts["onnx_to_ascend"]),
        "ascend/op_info.json": op_info_text(facts["op_info"]),
        **{f"soc/{chip}.json": text for chip, text in chips.items()},
    }.items():
        json.loads(text)
        path = output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
