"""What tauspike says of a network, in the terms of PyNN."""

from __future__ import annotations

import re

#: Names of fields, and the unit where it is not that of PyNN.
FIELDS = {
    "tau_m_ms": "tau_m",
    "c_m_pf": "cm (in pF)",
    "e_l_mv": "v_rest",
    "v_th_mv": "v_thresh",
    "v_th": "v_thresh",
    "v_reset_mv": "v_reset",
    "t_ref_ms": "tau_refrac",
    "v_init_mv": "initial value of v",
    "i_e_pa": "i_offset (in pA)",
    "tau_syn_ex_ms": "tau_syn_E",
    "tau_syn_in_ms": "tau_syn_I",
    "rate_hz": "rate",
    "start_ms": "start",
    "stop_ms": "start + duration",
    "trains": "spike_times",
    "trains_ms": "spike_times",
    "weight_pa": "weight (in pA)",
    "weight_mv": "weight",
    "delay_ms": "delay",
    "interval_ms": "sampling_interval",
    "signal.times_ms": "times",
    "signal.values_pa": "amplitudes (in pA)",
}


class Names:
    """Names in a network of tauspike, which are unique, and what PyNN calls the things that have them."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def new(self, name: str, label: str) -> str:
        """A name, remembered with what it stands for."""
        self._known[f'"{name}"'] = label
        return name

    def in_pynn(self, message: str) -> str:
        """A message of tauspike with names as PyNN has them."""
        fields = "|".join(re.escape(field) for field in sorted(FIELDS, key=len, reverse=True))
        # what is between quotes is a name, of which no part is a field
        words = re.compile(rf'"[^"]*"|(?<![\w.])(?:{fields})(?![\w.])')
        return words.sub(lambda found: self._known.get(found[0]) or FIELDS.get(found[0], found[0]), message)
