#!/usr/bin/python3
"""Figures of searches: search_figures_test.py SOURCE_FOLDER KEEL."""

import math
import random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCES, KEEL = Path(sys.argv[1]), sys.argv[2]
sys.path.insert(0, str(SOURCES / "scripts"))
sys.dont_write_bytecode = True

import search_figures as figures  # noqa: E402


def trial(latency_us, error, assignment="1", is_anchor=False):
    """A complete trial."""
    return figures.Trial(assignment, is_anchor, True, latency_us, error)


def swept_volume(trials, reference):
    """The same area as figures.Volume, summed over strips between neighbouring latencies."""
    inside = [(t.latency_us, figures.log_error(t.error)) for t in trials
              if t.latency_us < reference[1] and figures.log_error(t.error) < reference[0]]
    edges = sorted({us for us, _ in inside}) + [reference[1]]
    return sum((right - left) * (reference[0] - min(e for us, e in inside if us <= left))
               for left, right in zip(edges, edges[1:]))


class Volume(unittest.TestCase):
    """Hypervolumes."""

    def test_is_the_area_whatever_the_order(self):
        numbers = random.Random(3)
        for _ in range(200):
            trials = [trial(numbers.randrange(1, 12), 10.0 ** -numbers.randrange(0, 9))
                      for _ in range(numbers.randrange(1, 25))]
            reference = (figures.log_error(0.1), 10.0)
            curve = figures.volume_curve(trials, reference)
            for count in range(1, len(trials) + 1):
                self.assertAlmostEqual(curve[count - 1], swept_volume(trials[:count], reference))

    def test_counts_no_error_below_its_floor_and_none_that_is_not_finite(self):
        reference = (0.0, 10.0)
        self.assertEqual(figures.volume_curve([trial(4, 1e-12)], reference), [6 * 7.0])
        self.assertEqual(figures.volume_curve([trial(4, math.inf)], reference), [0.0])

    def test_begins_at_the_finite_error_of_all_lowered_and_behind_the_slowest_anchor(self):
        anchors = [trial(5, 1e-2, "111", True), trial(8, 1e-6, "000", True),
                   trial(6, 1e-5, "011", True), trial(20, 1e-1, "110")]
        error, latency_us = figures.reference_point(anchors)
        self.assertAlmostEqual(error, -2)
        self.assertAlmostEqual(latency_us, 8.16)
        anchors[0] = trial(5, math.inf, "111", True)
        self.assertEqual(figures.reference_point(anchors)[0], 0)


class Evaluations(unittest.TestCase):
    """What is read off a curve and off trials."""

    def test_are_those_until_a_volume_is_reached(self):
        self.assertEqual(figures.evaluations_to([0.0, 1.0, 1.0, 3.0], 1.0), 2)
        self.assertIsNone(figures.evaluations_to([0.0, 1.0], 1.5))

    def test_give_the_fastest_within_a_bound(self):
        trials = [trial(5, 1e-2), trial(7, 1e-3), trial(9, 1e-4)]
        self.assertEqual(figures.least_latency(trials, 1e-3), 7)
        self.assertEqual(figures.least_latency(trials, 1e-5), math.inf)


class Study(unittest.TestCase):
    """A study that keel wrote."""

    def test_is_read_in_the_order_of_its_trials(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [KEEL, "tune", "--model", SOURCES / "demo/model.onnx", "--data", SOURCES / "demo",
                 "--strategy", "mark", "--max_trials", "8", "--output", folder],
                capture_output=True, text=True, check=False)
            self.assertIn(done.returncode, (0, 1), done.stderr)
            study = figures.read_study(Path(folder))
        self.assertEqual((study.free_units, study.free_nodes), (29, 58))
        self.assertEqual([t.is_anchor for t in study.trials], [True] * 2 + [False] * 6)
        self.assertEqual(study.trials[0].assignment, "1" * 29)
        self.assertEqual(study.trials[1].assignment, "0" * 29)
        self.assertEqual(study.trials[0].error, math.inf)
        self.assertTrue(0 < study.trials[1].error < 1e-3)
        self.assertGreater(study.trials[1].latency_us, study.trials[0].latency_us)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
