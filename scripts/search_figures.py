"""Figures of a search, from the studies that `keel tune` leaves: hypervolume, evaluations, latency.

A trial's error is the relative L2 error on the ranking samples, its latency that of the device. A
volume is the area that a front dominates in (log10(max(error, 1e-7)), microseconds), up to the
error of all lowered (1 where that is not finite) and 1.02 times the slowest anchor.
"""

import bisect
import collections
import contextlib
import math
import sqlite3

ERROR_FLOOR = 1e-7
SLOWEST_MARGIN = 1.02

# error: infinite where the trial is not complete; is_anchor: asked as one.
Trial = collections.namedtuple("Trial", "assignment is_anchor ran latency_us error")
Study = collections.namedtuple("Study", "free_units free_nodes trials")


def read_study(folder):
    """The study in a folder. Its trials are in the order in which they were asked."""
    with contextlib.closing(sqlite3.connect(folder / "study.db")) as db:
        units = db.execute("SELECT count(*) FROM unit WHERE state = 'free'").fetchone()[0]
        nodes = db.execute("SELECT count(*) FROM unit JOIN unit_node USING (unit) "
                           "WHERE state = 'free'").fetchone()[0]
        rows = db.execute("SELECT assignment, phase_name, state_name, latency_us, squared_error "
                          "FROM trial ORDER BY number").fetchall()
    return Study(units, nodes, [trial_of(*row) for row in rows])


def trial_of(assignment, phase, state, latency_us, squared_error):
    """A row of the table `trial`."""
    has_error = state == "complete" and squared_error is not None
    return Trial(assignment, phase == "anchor", state != "failed", latency_us,
                 math.sqrt(max(squared_error, 0)) if has_error else math.inf)


def reference_point(trials):
    """(log error, latency) up to which volumes count, of all trials of a model."""
    anchors = [trial for trial in trials if trial.is_anchor and trial.ran]
    lowered = max(anchors, key=lambda trial: trial.assignment.count("1"))
    error = lowered.error if math.isfinite(lowered.error) else 1.0
    return log_error(error), SLOWEST_MARGIN * max(trial.latency_us for trial in anchors)


def log_error(error):
    """Decades, floored where fp32 itself is noise."""
    return math.log10(max(error, ERROR_FLOOR))


class Volume:
    """The area that the points added so far dominate."""

    def __init__(self, reference):
        self.largest_log_error, self.largest_us = reference
        self.front = []  # (latency, log error), the fastest first: not dominated
        self.value = 0.0

    def add(self, trial):
        """Adds a trial; one outside the reference or dominated changes nothing."""
        if not math.isfinite(trial.error):
            return
        point = (trial.latency_us, log_error(trial.error))
        if point[0] >= self.largest_us or point[1] >= self.largest_log_error:
            return
        at = bisect.bisect_left(self.front, point)
        if at > 0 and self.front[at - 1][1] <= point[1]:
            return
        ceiling = self.front[at - 1][1] if at > 0 else self.largest_log_error
        end = at
        from_us = point[0]
        while end < len(self.front) and self.front[end][1] >= point[1]:
            self.value += (ceiling - point[1]) * (self.front[end][0] - from_us)
            from_us, ceiling = self.front[end]
            end += 1
        next_us = self.front[end][0] if end < len(self.front) else self.largest_us
        self.value += (ceiling - point[1]) * (next_us - from_us)
        self.front[at:end] = [point]


def volume_curve(trials, reference):
    """The volume after each trial."""
    volume = Volume(reference)
    curve = []
    for trial in trials:
        volume.add(trial)
        curve.append(volume.value)
    return curve


def evaluations_to(curve, volume):
    """Trials until the curve has reached a volume; None: it does not."""
    return next((i for i, value in enumerate(curve, 1) if value >= volume), None)


def least_latency(trials, bound):
    """Latency of the fastest trial whose error is at most the bound; infinite: there is none."""
    return min((trial.latency_us for trial in trials if trial.error <= bound), default=math.inf)
