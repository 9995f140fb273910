"""A reservoir of spiking neurons as an estimator of scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, MultiOutputMixin, RegressorMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, check_random_state, validate_data

from . import given
from .distribution import Distribution
from .network import Network
from .tasks import readout


class Reservoir(TransformerMixin, MultiOutputMixin, RegressorMixin, BaseEstimator):
    """A recurrent network of LIF neurons with a linear readout. Rows are successive times: their order matters, and they have a past.

    Row k of X, standardised, is a current from ``k dt_ms`` to ``(k + 1) dt_ms``: neuron i gets ``bias_pa + input_pa * sum over f of
    W[i, f] x_f``, with W drawn from a normal of variance 1 / features. The states at the end of the row are the spikes of each neuron, filtered::

        s_i(t) = sum over spikes t_k <= t - delay of exp(-(t - delay - t_k) / tau_state_ms)

    computed in closed form, by neurons that never fire. The readout is fitted by ridge regression.

    Parameters
    ----------
    n_neurons : int
        Neurons, a fifth of them inhibitory.
    tau_m_ms : float, Distribution or array_like of shape (n_neurons,)
        Membrane time constants, ms.
    dt_ms : float
        Time that a row takes, ms.
    tau_state_ms : float
        Time constant of the states, ms.
    input_pa : float
        Standard deviation of the input of a neuron, pA.
    bias_pa : float
        Constant current, pA; 375 pA is threshold at ``tau_m_ms = 10``.
    indegree : int
        Synapses onto each neuron.
    weight_mv : float
        Of an excitatory synapse, mV; inhibitory ones are four times as strong.
    delay_ms : float
        Of the synapses, ms.
    penalty : float or None
        lambda of the readout; None: cross-validated.
    washout : int
        First rows that are not fitted, because the past is not known.
    random_state : int, RandomState or None
        Of everything drawn.
    threads : int
        Of the simulation; no result depends on it.

    Attributes
    ----------
    readout_ : Readout
        Weights, intercepts and penalties.
    network_seed_ : int
        Seed of the network.
    n_features_in_ : int
        Features of X.

    Examples
    --------
    >>> import numpy, tauspike
    >>> from tauspike.reservoir import Reservoir
    >>> u = tauspike.tasks.stimulus("ornstein_uhlenbeck", 1200, dt_ms=5.0, correlation_time_ms=20.0)
    >>> rows, y = tauspike.tasks.target(u, [{"degree": 1, "shift_ms": -10.0}], dt_ms=5.0)
    >>> reservoir = Reservoir(200, tau_m_ms=tauspike.lognormal(20.0, cv=0.5), washout=50, random_state=1)
    >>> reservoir.fit(u[rows][:800], y[:800]).score(u[rows], y) > 0.5
    True
    """

    def __init__(
        self,
        n_neurons: int = 200,
        *,
        tau_m_ms: float | Distribution | ArrayLike = 20.0,
        dt_ms: float = 5.0,
        tau_state_ms: float = 10.0,
        input_pa: float = 150.0,
        bias_pa: float = 200.0,
        indegree: int = 20,
        weight_mv: float = 0.2,
        delay_ms: float = 1.0,
        penalty: float | None = None,
        washout: int = 0,
        random_state: Any = None,
        threads: int = 1,
    ) -> None:
        self.n_neurons = n_neurons
        self.tau_m_ms = tau_m_ms
        self.dt_ms = dt_ms
        self.tau_state_ms = tau_state_ms
        self.input_pa = input_pa
        self.bias_pa = bias_pa
        self.indegree = indegree
        self.weight_mv = weight_mv
        self.delay_ms = delay_ms
        self.penalty = penalty
        self.washout = washout
        self.random_state = random_state
        self.threads = threads

    def __sklearn_tags__(self) -> Any:
        """Rows that are not successive times, as in scikit-learn's checks, are badly fitted."""
        tags = super().__sklearn_tags__()
        tags.regressor_tags.poor_score = True
        return tags

    def fit(self, X: ArrayLike, y: ArrayLike) -> Reservoir:
        """Draw the network, run it on X, and fit the readout.

        Parameters
        ----------
        X : array_like of float, shape (rows, features)
            The input, row by row in time.
        y : array_like of float, shape (rows,) or (rows, targets)
            What should come out at the end of each row.
        """
        given.unmasked("X", X)
        given.unmasked("y", y)
        rows: NDArray[np.float64]
        rows, targets = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True, ensure_min_samples=2)
        random = check_random_state(self.random_state)
        self.network_seed_ = int(random.randint(2**31))
        self._mean, self._sd = rows.mean(axis=0), rows.std(axis=0)
        self._sd[self._sd == 0.0] = 1.0
        self._input = random.standard_normal((rows.shape[1], self.n_neurons)) / np.sqrt(rows.shape[1])
        self._one_target = targets.ndim == 1
        kept = slice(min(self.washout, len(rows) - 2), None)
        self.readout_ = readout(self._states(rows)[kept], targets[kept], penalty=self._penalty(len(rows)))
        return self

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """The states under X, shape (rows, n_neurons); the network is at rest before the first row."""
        check_is_fitted(self)
        given.unmasked("X", X)
        return self._states(validate_data(self, X, dtype=np.float64, reset=False))

    def predict(self, X: ArrayLike) -> NDArray[np.float64]:
        """What comes out at the end of each row of X, shape (rows,) or (rows, targets) as y had it."""
        states = self.transform(X)
        found = self.readout_.predict(states)
        return found[:, 0] if self._one_target else found

    def network(self, X: ArrayLike) -> Network:
        """The network with its input, as it is run on X.

        Parameters
        ----------
        X : array_like of float, shape (rows, features)
            The input, not standardised.
        """
        check_is_fitted(self)
        given.unmasked("X", X)
        inhibitory = self.n_neurons // 5
        x = (np.asarray(X, dtype=np.float64) - self._mean) / self._sd
        net = Network(seed=self.network_seed_, name="reservoir")
        cells = net.population("cells", self.n_neurons, tau_m_ms=self.tau_m_ms, i_e_pa=self.bias_pa, t_ref_ms=2.0)
        # They never fire: of spikes 2 ms apart no more than 1 + tau_state_ms / 2 adds up.
        never_mv = 100.0 + self.tau_state_ms
        states = net.population("states", self.n_neurons, tau_m_ms=self.tau_state_ms, e_l_mv=0.0, v_th_mv=never_mv)
        pre = np.random.RandomState(self.network_seed_).randint(self.n_neurons, size=self.n_neurons * self.indegree)
        post = np.repeat(np.arange(self.n_neurons), self.indegree)
        weight = np.where(pre < inhibitory, -4.0 * self.weight_mv, self.weight_mv)
        net.project(cells, cells, pre=pre, post=post, weight_mv=weight, delay_ms=self.delay_ms)
        net.project(cells, states, rule="one_to_one", weight_mv=1.0, delay_ms=self.delay_ms)
        times = self.dt_ms * np.arange(len(x))
        for column, scale in zip(x.T, self._input, strict=True):
            signal = {"times_ms": times, "values_pa": self.input_pa * column}
            net.input("current", cells, signal=signal, scale=scale)
        net.probe(states, np.arange(self.n_neurons), times_ms=self.dt_ms * np.arange(1, len(x) + 1))
        return net

    def _states(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        probes = self.network(rows).run(self.dt_ms * len(rows), threads=self.threads).probes
        return probes["v_mv"].reshape(len(rows), self.n_neurons)

    def _penalty(self, rows: int) -> float | None:
        """Five folds need five rows and more."""
        return 1.0 if self.penalty is None and rows - min(self.washout, rows - 2) < 10 else self.penalty
