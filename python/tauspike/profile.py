"""How time constants are spread, as studies spread them: the moments asked for are those that come out."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _native, given


class TimeConstants(NamedTuple):
    """Time constants of a `Profile`.

    Attributes
    ----------
    tau_m_ms : NDArray[float64], shape (n,)
        ms; for `Network.population`.
    realised : dict[str, float]
        ``mean_ms``, ``median_ms``, ``harmonic_mean_ms``, ``cv``, ``skewness``, ``min_ms``, ``max_ms``, ``distinct`` (number of different
        values), ``at_least_value`` (part of them that stands at ``tau_min_ms``).
    """

    tau_m_ms: NDArray[np.float64]
    realised: dict[str, float]


class Profile:
    """A spread of time constants whose coefficient of variation and mean are realised to 1e-3 in every draw.

    Sixty draws of CV 2 stray from their mean and CV by a quarter. Here draws x become ``scale x^p`` (lognormal, gamma and other positive
    families) or ``scale (1 + p (x / mean - 1))`` (symmetric and mirrored ones), with the two numbers that give what is asked for.

    Parameters
    ----------
    distribution : str
        ``"homogeneous"``, ``"normal"``, ``"uniform"``, ``"arcsine"``, ``"log_uniform"``, ``"lognormal"``, ``"gamma"``, ``"inverse_gaussian"``,
        ``"inverse_gamma"``, ``"beta"`` (on ``[0, b]``, with ``skewness``: left-skewed and wide if need be), ``"two_point"`` (with ``skewness``)
        or ``"empirical"`` (with ``values``).
    cv : float, optional
        Coefficient of variation, with n in the denominator of the variance; of values, by default their own.
    match : str
        Which mean is at ``tau_ms``: ``"mean"``, ``"median"`` or ``"harmonic_mean"``.
    mirrored : bool, optional
        The mirror image of a right-skewed family.
    skewness : float, optional
        Of ``"beta"``, between ``cv - 1/cv`` and ``2 cv``, and of ``"two_point"``.
    values : array_like of float, optional
        Of ``"empirical"``: measured time constants, in any unit.
    levels : int, optional
        Number of different values, at least 2.
    quantum_ms : float, optional
        Values are multiples of it, ms.
    mismatch_cv : float, optional
        CV of a lognormal factor of mean 1 by which a device misses each value. It comes on top: what nobody sets is not matched.

    Examples
    --------
    >>> import tauspike
    >>> taus = tauspike.Profile("gamma", cv=2.0).draw(60, tau_ms=20.0, seed=1)
    >>> round(taus.realised["cv"], 6), round(taus.realised["mean_ms"], 6)
    (2.0, 20.0)
    >>> net = tauspike.Network(seed=1)
    >>> cells = net.population("cells", 60, tau_m_ms=taus.tau_m_ms)
    """

    def __init__(
        self,
        distribution: str,
        *,
        cv: float | None = None,
        match: str = "mean",
        mirrored: bool | None = None,
        skewness: float | None = None,
        values: ArrayLike | None = None,
        levels: int | None = None,
        quantum_ms: float | None = None,
        mismatch_cv: float | None = None,
    ) -> None:
        keys: dict[str, Any] = {
            "distribution": distribution,
            "cv": cv,
            "match": match,
            "mirrored": mirrored,
            "skewness": skewness,
            "values": None if values is None else given.array("values", values),
            "levels": levels,
            "quantum_ms": quantum_ms,
            "mismatch_cv": mismatch_cv,
        }
        self._keys = given.values("", {key: item for key, item in keys.items() if item is not None})

    def draw(self, n: int, *, tau_ms: float, seed: int, tau_min_ms: float = 0.1) -> TimeConstants:
        """Time constants of `n` neurons.

        Parameters
        ----------
        n : int
            Number of neurons.
        tau_ms : float
            Their mean, median or harmonic mean, ms.
        seed : int
            Of the draws.
        tau_min_ms : float
            No time constant is smaller, ms; it is part of what is matched.

        Returns
        -------
        TimeConstants

        Raises
        ------
        ScenarioError
            A ValueError: a key, its value and what is allowed; or that `n` neurons cannot have this CV, and what they come to.
        """
        n, seed = given.integer("n", n, 1, 2**24), given.integer("seed", seed, 0, 2**63 - 1)
        tau_ms, tau_min_ms = given.number("tau_ms", tau_ms), given.number("tau_min_ms", tau_min_ms)
        tau_m_ms, realised = _native.profile(self._keys, tau_ms, tau_min_ms, n, seed)
        return TimeConstants(tau_m_ms, json.loads(realised))

    def __repr__(self) -> str:
        keys = ", ".join(f"{key}={item!r}" for key, item in self._keys.items() if key != "distribution")
        return f"Profile({self._keys.get('distribution')!r}, {keys})"
