"""Distributions of parameters, weights and delays, by mean and spread, so that skewness can be varied at fixed mean and spread.

Each takes its mean in the unit of the key it stands for (``tau_m_ms=lognormal(20.0, cv=0.5)``: ms), the spread as coefficient of
variation ``cv = sd / |mean|`` or as standard deviation ``sd`` in that unit, and bounds ``min`` and ``max``, outside of which draws are
drawn again. A drawn value depends on the seed of the network, the parameter and the neuron, and on nothing else.

Numbers are checked where a distribution is used, by `Network.population` and its like: they raise `ScenarioError`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Distribution:
    """A distribution, as a scenario file writes it; made by the functions of this module.

    Attributes
    ----------
    table : Mapping[str, Any]
        Its keys: ``{"distribution": "lognormal", "mean": 20.0, "cv": 0.5}``.
    """

    table: Mapping[str, Any]


def _of(name: str, **keys: Any) -> Distribution:
    return Distribution({"distribution": name, **{key: value for key, value in keys.items() if value is not None}})


def constant(mean: float) -> Distribution:
    """Always the same value.

    Parameters
    ----------
    mean : float
        The value.
    """
    return _of("constant", mean=mean)


def normal(mean: float, *, cv: float | None = None, sd: float | None = None, min: float | None = None, max: float | None = None) -> Distribution:
    """Normal; skewness 0. Reaches every number: time constants and delays are kept above mean / 20 unless `min` is given.

    Parameters
    ----------
    mean : float
        Mean.
    cv, sd : float, optional
        Width, one of both.
    min, max : float, optional
        Bounds of what is kept.
    """
    return _of("normal", mean=mean, cv=cv, sd=sd, min=min, max=max)


def uniform(
    low: float | None = None,
    high: float | None = None,
    *,
    mean: float | None = None,
    cv: float | None = None,
    sd: float | None = None,
    min: float | None = None,
    max: float | None = None,
) -> Distribution:
    """Uniform on ``[low, high]``, or on ``mean -+ sqrt(3) sd``; skewness 0.

    Parameters
    ----------
    low, high : float, optional
        Bounds, both or none.
    mean : float, optional
        Mean, in place of bounds.
    cv, sd : float, optional
        Width, one of both, in place of bounds.
    min, max : float, optional
        Bounds of what is kept.
    """
    return _of("uniform", low=low, high=high, mean=mean, cv=cv, sd=sd, min=min, max=max)


def lognormal(
    mean: float,
    *,
    cv: float | None = None,
    sd: float | None = None,
    mirrored: bool | None = None,
    min: float | None = None,
    max: float | None = None,
) -> Distribution:
    """exp of a normal; skewness ``3 cv + cv^3``.

    Parameters
    ----------
    mean : float
        Mean, > 0.
    cv, sd : float, optional
        Width, one of both.
    mirrored : bool, optional
        Draw ``2 mean - X``: the same mean and width, skewed to the left.
    min, max : float, optional
        Bounds of what is kept.
    """
    return _of("lognormal", mean=mean, cv=cv, sd=sd, mirrored=mirrored, min=min, max=max)


def gamma(
    mean: float,
    *,
    cv: float | None = None,
    sd: float | None = None,
    mirrored: bool | None = None,
    min: float | None = None,
    max: float | None = None,
) -> Distribution:
    """Gamma; skewness ``2 cv``; exponential at cv 1. Parameters as of `lognormal`."""
    return _of("gamma", mean=mean, cv=cv, sd=sd, mirrored=mirrored, min=min, max=max)


def inverse_gaussian(
    mean: float,
    *,
    cv: float | None = None,
    sd: float | None = None,
    mirrored: bool | None = None,
    min: float | None = None,
    max: float | None = None,
) -> Distribution:
    """Inverse Gaussian (Wald); skewness ``3 cv``. Parameters as of `lognormal`."""
    return _of("inverse_gaussian", mean=mean, cv=cv, sd=sd, mirrored=mirrored, min=min, max=max)


def inverse_gamma(
    mean: float,
    *,
    cv: float | None = None,
    sd: float | None = None,
    mirrored: bool | None = None,
    min: float | None = None,
    max: float | None = None,
) -> Distribution:
    """1 / gamma; skewness ``4 cv / (1 - cv^2)``, for cv below 1. Parameters as of `lognormal`."""
    return _of("inverse_gamma", mean=mean, cv=cv, sd=sd, mirrored=mirrored, min=min, max=max)


def arcsine(mean: float, *, cv: float | None = None, sd: float | None = None, min: float | None = None, max: float | None = None) -> Distribution:
    """``mean + sqrt(2) sd cos(pi U)``: symmetric, with most at both ends. Parameters as of `normal`."""
    return _of("arcsine", mean=mean, cv=cv, sd=sd, min=min, max=max)


def log_uniform(mean: float, *, cv: float | None = None, sd: float | None = None, min: float | None = None, max: float | None = None) -> Distribution:
    """exp of a uniform: as much in each octave; cv up to 18. Parameters as of `normal`; the mean is > 0."""
    return _of("log_uniform", mean=mean, cv=cv, sd=sd, min=min, max=max)


def beta(
    mean: float,
    *,
    cv: float | None = None,
    sd: float | None = None,
    skewness: float = 0.0,
    min: float | None = None,
    max: float | None = None,
) -> Distribution:
    """Beta, scaled to ``[0, b]``, with this mean, width and skewness: the one that can be wide and left-skewed.

    Parameters
    ----------
    mean : float
        Mean, > 0.
    cv, sd : float, optional
        Width, one of both.
    skewness : float
        Between ``cv - 1/cv``, the least that a positive quantity can have, and ``2 cv``.
    min, max : float, optional
        Bounds of what is kept.
    """
    return _of("beta", mean=mean, cv=cv, sd=sd, skewness=skewness, min=min, max=max)


def two_point(
    mean: float,
    *,
    cv: float | None = None,
    sd: float | None = None,
    skewness: float = 0.0,
    min: float | None = None,
    max: float | None = None,
) -> Distribution:
    """One of two values with this mean, width and skewness; skewness 0 makes them equally likely.

    Parameters
    ----------
    mean : float
        Mean.
    cv, sd : float, optional
        Width, one of both.
    skewness : float
        Any finite number.
    min, max : float, optional
        Bounds of what is kept.
    """
    return _of("two_point", mean=mean, cv=cv, sd=sd, skewness=skewness, min=min, max=max)


def empirical(values: ArrayLike, *, min: float | None = None, max: float | None = None) -> Distribution:
    """One of the given values, each equally likely, with replacement.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        At least one value.
    min, max : float, optional
        Bounds of what is kept.
    """
    return _of("empirical", values=values, min=min, max=max)
