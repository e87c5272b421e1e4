#!/usr/bin/python3
"""Every file of configs/soc agrees with configs/schema/soc.schema.json, and the schema has teeth.

    soc_schema_test.py ROOT
"""

import copy
import json
import sys
import unittest
from pathlib import Path

from jsonschema import Draft202012Validator

ROOT = Path(sys.argv.pop() if len(sys.argv) > 1 else ".")
SOC_FILES = sorted((ROOT / "configs/soc").glob("*.json"))
SCHEMA = json.loads((ROOT / "configs/schema/soc.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA)


def load(name):
    return json.loads((ROOT / f"configs/soc/{name}.json").read_text())


class SocSchema(unittest.TestCase):
    def test_is_a_schema(self):
        Draft202012Validator.check_schema(SCHEMA)

    def test_holds_for_every_file(self):
        self.assertEqual(len(SOC_FILES), 29)
        for path in SOC_FILES:
            with self.subTest(path.name):
                content = json.loads(path.read_text())
                problems = [f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
                            for error in VALIDATOR.iter_errors(content)]
                self.assertEqual(problems, [])
                self.assertEqual(content["name"], path.stem)

    def assert_refused(self, change, why):
        content = copy.deepcopy(load("Ascend310B1"))
        change(content)
        self.assertFalse(VALIDATOR.is_valid(content), why)

    def test_refuses_values_without_a_source_or_confidence(self):
        self.assert_refused(lambda c: c["cube_mhz"].pop("source"), "no source")
        self.assert_refused(lambda c: c["cube_mhz"].update(source=""), "empty source")
        self.assert_refused(lambda c: c["cube_mhz"].pop("confidence"), "no confidence")
        self.assert_refused(lambda c: c["cube_mhz"].update(confidence="high"), "a new confidence")
        self.assert_refused(lambda c: c["bf16"].pop("source"), "a flag without source")

    def test_refuses_an_unknown_value_without_a_reason(self):
        self.assert_refused(lambda c: c["memory_gbs"].pop("reason"), "no reason")
        self.assert_refused(lambda c: c["memory_gbs"].update(value=51.2), "a value and a reason")
        self.assert_refused(lambda c: c["cube_mhz"].update(value=None), "null with a source")

    def test_refuses_what_no_chip_may_leave_unknown(self):
        gone = {"value": None, "reason": "not found"}
        self.assert_refused(lambda c: c.update(overflow=gone), "overflow")
        self.assert_refused(lambda c: c.update(cube_fp32=gone), "cube_fp32")
        self.assert_refused(lambda c: c.pop("memory_gbs"), "a field left out")
        known = copy.deepcopy(load("Ascend310B1"))
        known.update(l2_bytes=gone)
        self.assertTrue(VALIDATOR.is_valid(known), "a number may be unknown")

    def test_refuses_values_out_of_range(self):
        self.assert_refused(lambda c: c["cube_cores"].update(value=0), "no cores")
        self.assert_refused(lambda c: c["cube_cores"].update(value=1.5), "half a core")
        self.assert_refused(lambda c: c["timing"].update(
            cube_efficiency={"value": 80, "source": "here", "confidence": "low"}), "percent")
        self.assert_refused(lambda c: c["overflow"].update(value="wrap"), "a new overflow rule")
        self.assert_refused(lambda c: c.update(family=""), "no family")
        self.assert_refused(lambda c: c.update(memory_gb=c["memory_gbs"]), "a misspelled field")

    def test_of_timing_models_holds_for_every_file_and_refuses_what_is_no_fit(self):
        schema = json.loads((ROOT / "configs/schema/timing.schema.json").read_text())
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema)
        files = sorted((ROOT / "configs/timing").glob("*.json"))
        self.assertEqual(sorted({load(path.stem)["timing"]["model"] for path in SOC_FILES}),
                         [path.stem for path in files])
        for path in files:
            content = json.loads(path.read_text())
            self.assertEqual(list(validator.iter_errors(content)), [])
            self.assertEqual(content["name"], path.stem)
            for change in (lambda c: c["parameters"].pop("row_cycles"),
                           lambda c: c["parameters"]["row_cycles"].pop("source"),
                           lambda c: c["parameters"]["cube_efficiency"].update(value=80),
                           lambda c: c["errors"].pop("cube"),
                           lambda c: c["errors"]["cube"].update(shared=2),
                           lambda c: c["corrections"].update(Relu="slow")):
                broken = copy.deepcopy(content)
                change(broken)
                self.assertFalse(validator.is_valid(broken))


if __name__ == "__main__":
    unittest.main()
