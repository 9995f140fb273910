"""Cell models of PyNN, by names and units of tauspike."""

from pyNN.standardmodels import build_translations, cells

from .given import DURATION, FINITE, NOT_NEGATIVE, Range

__all__ = ["IF_curr_alpha", "IF_curr_delta", "IF_curr_exp", "SpikeSourceArray", "SpikeSourcePoisson"]

_MEMBRANE = (
    ("tau_m", "tau_m_ms"),
    ("cm", "c_m_pf", 1000.0),
    ("v_rest", "e_l_mv"),
    ("v_thresh", "v_th_mv"),
    ("v_reset", "v_reset_mv"),
    ("tau_refrac", "t_ref_ms"),
    ("i_offset", "i_offset_pa", 1000.0),
)
_CURRENTS = (("tau_syn_E", "tau_syn_ex_ms"), ("tau_syn_I", "tau_syn_in_ms"))

_POTENTIAL = Range(-1e15, 1e15, "a finite number (-1e15 to 1e15 mV)")
_TIME_CONSTANT = Range(1e-9, 1e15, "a finite number above 0 (1e-9 to 1e15 ms)")

#: What tauspike allows of each parameter by itself, in the units of PyNN; of spike_times see `populations`.
ALLOWED = {
    "tau_m": _TIME_CONSTANT,
    "cm": Range(1e-12, 1e12, "a finite number above 0 (1e-12 to 1e12 nF)"),
    "v_rest": _POTENTIAL,
    "v_thresh": _POTENTIAL,
    "v_reset": _POTENTIAL,
    "tau_refrac": NOT_NEGATIVE,
    "i_offset": FINITE,
    "tau_syn_E": _TIME_CONSTANT,
    "tau_syn_I": _TIME_CONSTANT,
    "rate": Range(0.0, 1e9, "0 to 1e9 Hz"),
    "start": NOT_NEGATIVE,
    "duration": DURATION,
}
#: And of the initial potential, v.
INITIAL = _POTENTIAL


class IF_curr_delta(cells.IF_curr_delta):
    __doc__ = cells.IF_curr_delta.__doc__
    model = "lif_delta"
    translations = build_translations(*_MEMBRANE)


class IF_curr_exp(cells.IF_curr_exp):
    __doc__ = cells.IF_curr_exp.__doc__
    model = "lif_exp"
    recordable = ["spikes", "v", "isyn_exc", "isyn_inh"]
    translations = build_translations(*_MEMBRANE, *_CURRENTS)


class IF_curr_alpha(cells.IF_curr_alpha):
    __doc__ = cells.IF_curr_alpha.__doc__
    model = "lif_alpha"
    recordable = ["spikes", "v", "isyn_exc", "isyn_inh"]
    translations = build_translations(*_MEMBRANE, *_CURRENTS)


class SpikeSourcePoisson(cells.SpikeSourcePoisson):
    __doc__ = cells.SpikeSourcePoisson.__doc__
    model = "poisson"
    translations = build_translations(("rate", "rate_hz"), ("start", "start_ms"), ("duration", "duration_ms"))


class SpikeSourceArray(cells.SpikeSourceArray):
    __doc__ = cells.SpikeSourceArray.__doc__
    model = "spike_trains"
    translations = build_translations(("spike_times", "spike_times_ms"))
