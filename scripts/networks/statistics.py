"""How well predictions agree with measurements."""

import math
import statistics


def _ranks(values):
    """Ranks from 0; equal values share the mean of theirs."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for i in order[start:end]:
            ranks[i] = (start + end - 1) / 2
        start = end
    return ranks


def spearman(left, right):
    """Rank correlation; not a number for less than two pairs or where one side is constant."""
    a, b = _ranks(left), _ranks(right)
    mean = (len(a) - 1) / 2
    spread = math.sqrt(sum((x - mean)**2 for x in a) * sum((y - mean)**2 for y in b))
    if not spread:
        return math.nan
    return sum((x - mean) * (y - mean) for x, y in zip(a, b)) / spread


def summary(pairs):
    """Of (measured, predicted): count, mean and median error as shares of the measured, median of
    predicted / measured, rank correlation."""
    errors = [abs(predicted / measured - 1) for measured, predicted in pairs]
    return {"count": len(pairs), "mape": statistics.fmean(errors),
            "median": statistics.median(errors),
            "ratio": statistics.median(predicted / measured for measured, predicted in pairs),
            "spearman": spearman(*zip(*pairs))}
