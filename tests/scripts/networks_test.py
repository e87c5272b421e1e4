#!/usr/bin/python3
"""The public networks of scripts/networks: right counts, right shapes, and keel takes them.

    networks_test.py ROOT KEEL
"""

import dataclasses
import math
import sys
import tempfile
import unittest
from pathlib import Path

KEEL = Path(sys.argv.pop())
ROOT = Path(sys.argv.pop())
sys.path.insert(0, str(ROOT / "scripts"))

import check_networks
import compare_networks
from networks import (builder, counts, keel_command, measured, statistics,
                      vision_transformer)
from networks.table import NETWORKS, Network, Published, Rows

BY_NAME = {network.name: network for network in NETWORKS}
# Of each kind one that is built and compiled in a moment.
FEW = ("resnet34", "densenet121", "mnasnet1_0", "erfnet", "tinybert_4_64", "twins_pcpvt_small",
       "crnn", "dqn", "textcnn")


def one_layer(name, batch):
    graph = builder.Graph(name)
    x = graph.relu(graph.conv_bn(graph.input("x", (batch, 3, 9, 9)), 4, 3, stride=2))
    graph.output(graph.linear(graph.flatten(x), 10))
    return graph


class Builder(unittest.TestCase):
    def test_counts_what_is_trained_and_multiplied(self):
        graph = one_layer("one", 2)
        self.assertEqual(graph.parameters, 4 * 3 * 9 + 2 * 4 + 100 * 10 + 10)
        self.assertEqual(graph.macs, 2 * (100 * 27 + 100 * 10))
        self.assertEqual(graph.normalised, 2 * 100)

    def test_writes_weights_that_take_no_room(self):
        with tempfile.TemporaryDirectory() as folder:
            path = one_layer("one", 1).save(folder)
            zeros = path.parent / builder.WEIGHT_FILE
            self.assertEqual(zeros.stat().st_size, 4 * 1000)
            BY_NAME["resnet34"].build("larger", 1).save(folder)
            self.assertEqual(zeros.stat().st_size, 4 * 512 * 512 * 9)
            self.assertLess(zeros.stat().st_blocks * 512, 100_000)
            one_layer("again", 1).save(folder)
            self.assertEqual(zeros.stat().st_size, 4 * 512 * 512 * 9)

    def test_leaves_out_a_pool_window_that_starts_in_the_padding(self):
        graph = builder.Graph("pools")
        x = graph.input("x", (1, 1, 5, 5))
        self.assertEqual(graph.max_pool(x, 2, 2, ceil=True).shape, (1, 1, 3, 3))
        self.assertEqual(graph.max_pool(x, 2, 3, 1, ceil=True).shape, (1, 1, 2, 2))
        self.assertEqual(graph.max_pool(x, 2, 2).shape, (1, 1, 2, 2))


class RewrittenVit(unittest.TestCase):
    def test_multiplies_whole_blocks_of_tokens_behind_the_attention(self):
        small = {"patch": 16, "features": 32, "heads": 2, "layers": 1}  # five tokens
        plain = vision_transformer.vit("plain", (2, 3, 32, 32), **small)
        for merge in (False, True):
            padded = vision_transformer.rewritten_vit("padded", (2, 3, 32, 32), merge=merge,
                                                      **small)
            self.assertEqual(padded.parameters, plain.parameters)
            self.assertEqual(padded.macs - plain.macs, 2 * (16 - 5) * (1 + 2 * 4) * 32 * 32)
        merged = vision_transformer.rewritten_vit("merged", (2, 3, 32, 32), pad=False, **small)
        self.assertEqual(merged.macs, plain.macs)


class Counts(unittest.TestCase):
    def test_agree_with_what_is_published(self):
        for network in NETWORKS:
            with self.subTest(network.name):
                self.assertEqual(counts.complaints(network), [])

    def test_leave_open_what_the_last_digit_does(self):
        self.assertEqual(counts.disagreement("1.2", 1.249), 0)
        self.assertAlmostEqual(counts.disagreement("1.2", 1.31), 0.05)
        self.assertAlmostEqual(counts.disagreement("8", 9.3), 0.1)

    def test_complain_of_a_network_with_a_layer_too_few(self):
        thin = dataclasses.replace(BY_NAME["resnet101"], build=BY_NAME["resnet50"].build)
        complaints = counts.complaints(thin)
        self.assertEqual(len(complaints), 2)
        self.assertIn("25.56 M parameters, published 44.55", complaints[0])
        self.assertIn("4.089 G multiply-accumulates, published 7.80", complaints[1])


class Checked(unittest.TestCase):
    def test_keel_compiles_one_of_each_kind(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in FEW:
                with self.subTest(name):
                    complaints, program = check_networks.check(BY_NAME[name], folder, KEEL)
                    self.assertEqual(complaints, [])
                    self.assertGreater(program["latency_us"], 0)

    def test_finds_a_shape_that_onnx_infers_otherwise(self):
        with tempfile.TemporaryDirectory() as folder:
            graph = one_layer("one", 1)
            path = graph.save(folder)
            self.assertEqual(check_networks.shape_complaints(path, graph), [])
            graph.shapes["Relu_0"] = (1, 4, 5, 6)
            graph.shapes["Missing_0"] = (1,)
            self.assertEqual(check_networks.shape_complaints(path, graph), [
                "one: Relu_0 is (1, 4, 5, 6) to the builder, (1, 4, 5, 5) to ONNX",
                "one: ONNX infers no shape of Missing_0"])

    def test_hands_on_what_keel_says_of_a_model_it_refuses(self):
        def broken(name, batch):
            graph = builder.Graph(name)
            graph.output(graph.unary("NoSuchOperator", graph.input("x", (batch, 4))))
            return graph
        network = Network("broken", "none", broken, Published("nobody"))
        with tempfile.TemporaryDirectory() as folder:
            complaints, program = check_networks.check(network, folder, KEEL)
        self.assertIn("NoSuchOperator", complaints[0])
        self.assertIsNone(program)
        with tempfile.TemporaryDirectory() as folder:
            path = broken("broken", 1).save(folder)
            with self.assertRaisesRegex(keel_command.KeelFailed, "NoSuchOperator"):
                keel_command.profile(KEEL, path)


class Table(unittest.TestCase):
    def test_has_every_network_once_and_says_who_publishes_it(self):
        self.assertEqual(len(BY_NAME), len(NETWORKS))
        for network in NETWORKS:
            self.assertTrue(network.published.parameters and network.published.source)

    def test_stands_for_the_rows_it_names(self):
        path = measured.data_file(ROOT)
        if not path.exists():
            self.skipTest(f"no measurements at {path}")
        data = measured.load(path)
        found = list(measured.matches(data))
        self.assertEqual(len({id(row) for _, row, _ in found}), len(found))
        for network in NETWORKS:
            for rows in network.rows:
                matched = [row for row in data if row["model"] == rows.model
                           and (not rows.only or (row["batch"], row["throughput"]) in rows.only)]
                self.assertGreaterEqual(len(matched), len(rows.only) or 1, network.name)
                self.assertLessEqual(set(rows.without), {row["batch"] for row in matched})
        counted = {network for network, _, reason in found if not reason}
        self.assertGreaterEqual(len(counted), 40)
        self.assertGreaterEqual(sum("transformer" in network.family for network in counted), 6)


class Measured(unittest.TestCase):
    def test_takes_the_time_of_a_batch(self):
        row = {"model": "m", "unit": "fps", "batch": 16, "throughput": 200.0}
        self.assertEqual(measured.milliseconds(row), 80.0)
        self.assertEqual(measured.milliseconds({**row, "batch": None}), 5.0)
        with self.assertRaisesRegex(ValueError, "a unit of ms in a row of m"):
            measured.milliseconds({**row, "unit": "ms"})

    def test_says_why_a_row_does_not_count(self):
        rows = Rows("ResNet34", without={4: "broken"})
        self.assertEqual(rows.without.get(4), "broken")
        data = [{"model": "ReID_for_Pytorch", "batch": batch, "throughput": 1.0}
                for batch in (8, 16)]
        reasons = [reason for _, _, reason in measured.matches(data)]
        self.assertIsNone(reasons[0])
        self.assertIn("the same number stands in two tables", reasons[1])


class Statistics(unittest.TestCase):
    def test_ranks_ties_by_their_mean(self):
        self.assertEqual(statistics.spearman([1, 2, 3], [10, 20, 30]), 1)
        self.assertEqual(statistics.spearman([1, 2, 3], [3, 2, 1]), -1)
        self.assertAlmostEqual(statistics.spearman([1, 2, 3, 4], [1, 1, 2, 2]), 0.8944, 4)
        self.assertTrue(math.isnan(statistics.spearman([1, 2], [5, 5])))

    def test_summarises_errors_as_shares_of_the_measured(self):
        summary = statistics.summary([(10, 15), (10, 9), (20, 20)])
        self.assertAlmostEqual(summary["mape"], 0.2)
        self.assertAlmostEqual(summary["median"], 0.1)
        self.assertAlmostEqual(summary["ratio"], 1.0)
        self.assertEqual(summary["count"], 3)

    def test_sums_kernels_by_class(self):
        def kernel(kind, *types, us=1.0):
            return {"class": kind, "ascend_types": types, "launch_us": 1.0, "cube_us": 2.0,
                    "vector_us": 3.0, "memory_us": 4.0, "us": us}
        program = {"kernels": [
            kernel("cube", "Conv2D", "Relu"), kernel("cube", "Conv2D", us=5.0),
            kernel("cube", "BatchMatMulV2", "Add"), kernel("none", "Reshape"),
            kernel("layout", "Transpose"), kernel("vector", "Mul", "SoftmaxV2"),
            kernel("vector", "ReduceMean"), kernel("vector", "ReduceMean", "Sub"),
            kernel("vector", "Add"), kernel("depthwise", "Conv2D"), kernel("cast", "Cast")]}
        sums = compare_networks.class_sums(program)
        self.assertEqual({name: line[0] for name, line in sums.items()}, {
            "convolution": 2, "matmul": 1, "movement": 1, "softmax": 1, "reduction": 1,
            "normalisation": 1, "elementwise": 1, "depthwise": 1, "cast": 1})
        self.assertEqual(sums["convolution"], [2, 2.0, 4.0, 6.0, 8.0, 6.0])


if __name__ == "__main__":
    unittest.main()
