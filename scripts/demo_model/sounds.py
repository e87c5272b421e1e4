"""Eight classes of synthetic sound, the data of the demonstration model."""

import numpy as np

CLASSES = ["tone_low", "tone_high", "chord", "hum", "square", "chirp", "noise_band", "pulses"]
SAMPLE_RATE = 8000  # Hz
SAMPLES = 4000  # 0.5 s
LEVEL_DBFS = (-57.0, -1.0)  # peak of a clip
SNR_DB = (10.0, 24.0)


def sweep(hertz):
    """Sine whose frequency in Hz at each sample is `hertz` [SAMPLES]."""
    return np.sin(2 * np.pi * np.cumsum(hertz) / SAMPLE_RATE)


def clean_sound(name, rng):
    """Returns one noiseless sound [SAMPLES] of the class, of any scale."""
    seconds = np.arange(SAMPLES) / SAMPLE_RATE
    steady = np.ones(SAMPLES)
    if name == "tone_low":
        return sweep(rng.uniform(300, 700) * steady)
    if name == "tone_high":
        return sweep(rng.uniform(1800, 3200) * steady)
    if name == "chord":
        root = rng.uniform(400, 700)
        third = rng.choice([1.2, 1.26])
        return sum(sweep(root * ratio * steady) for ratio in (1.0, third, 1.5, 2.0))
    if name == "hum":
        pitch = rng.uniform(90, 180)
        return sum(sweep(pitch * harmonic * steady) / np.sqrt(harmonic) for harmonic in range(1, 21))
    if name == "square":
        return np.sign(sweep(rng.uniform(250, 400) * steady))
    if name == "chirp":
        low = rng.uniform(300, 700)
        rising = low + rng.uniform(1500, 2500) * seconds / seconds[-1]
        return sweep(rising if rng.integers(2) else rising[::-1])
    if name == "noise_band":
        hertz = np.fft.rfftfreq(SAMPLES, 1 / SAMPLE_RATE)
        low = rng.uniform(1000, 2600)
        inside = (hertz > low) & (hertz < low + rng.uniform(500, 900))
        return np.fft.irfft(np.fft.rfft(rng.standard_normal(SAMPLES)) * inside, SAMPLES)
    period = rng.integers(200, 500)  # pulses: bursts of noise, 25 to 63 ms apart
    age = (np.arange(SAMPLES) + rng.integers(period)) % period
    return rng.standard_normal(SAMPLES) * np.exp(-age / rng.uniform(15, 40))


def clip(name, level_dbfs, rng):
    """Returns a recording [SAMPLES] of the class in float32 multiples of 2^-15, with its peak at
    `level_dbfs` and white noise below it."""
    sound = clean_sound(name, rng)
    noise = rng.standard_normal(SAMPLES) * sound.std() * 10 ** (-rng.uniform(*SNR_DB) / 20)
    sound = sound + noise
    sound = sound * 10 ** (level_dbfs / 20) / np.abs(sound).max()
    return (np.round(sound * 32767) / 32768).astype(np.float32)


def clips(count, rng):
    """Returns waveforms [count, SAMPLES] and labels [count]; the classes take turns and the levels
    of each class cover LEVEL_DBFS evenly."""
    labels = np.arange(count) % len(CLASSES)
    steps = count // len(CLASSES)
    low, high = LEVEL_DBFS
    waves = np.empty((count, SAMPLES), np.float32)
    for label, name in enumerate(CLASSES):
        for index, step in zip(np.flatnonzero(labels == label), rng.permutation(steps)):
            waves[index] = clip(name, low + (high - low) * (step + rng.uniform()) / steps, rng)
    return waves, labels
