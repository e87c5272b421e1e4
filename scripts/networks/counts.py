"""A network's parameters and multiply-accumulates against what its publishers say."""

TOLERANCE = 0.015  # publishers count biases, pools or normalisations differently


def _rounding(text):
    """Half a unit of the last digit."""
    decimals = len(text.partition(".")[2])
    return 0.5 * 10.0**-decimals


def disagreement(published, counted):
    """By how much `counted` is off, as a share, beyond what the digits of `published` leave open;
    0 within."""
    value = float(published)
    return max(0.0, abs(counted - value) - _rounding(published)) / value


def counts_of(network):
    """(millions of parameters, thousands of millions of multiply-accumulates) as the publisher
    counts them."""
    published = network.published
    graph = published.build(network.name) if published.build else network.build(network.name, 1)
    macs = graph.macs + (2 * graph.normalised if published.norms else 0)
    return graph.parameters / 1e6, macs / 1e9


def complaints(network):
    """What disagrees, in words; empty if nothing does."""
    parameters, macs = counts_of(network)
    found = []
    for what, published, counted in (("M parameters", network.published.parameters, parameters),
                                     ("G multiply-accumulates", network.published.macs, macs)):
        if published and disagreement(published, counted) > TOLERANCE:
            found.append(f"{network.name}: {counted:.4g} {what}, published {published} "
                         f"({network.published.source})")
    return found
