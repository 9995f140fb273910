"""Networks of NIR files (Neuromorphic Intermediate Representation, https://neuroir.org), read and written. Needs ``pip install nir``.

NIR has the equations of neurons; what one spike does to them it does not say. The simulators that write it have time steps, in which a
spike is a current of the height of its weight w that lasts one step, so whoever reads a file has to say how long a step was (`dt_ms`), and which
of two answers is meant (`input`):

=========  ==========================================  ==================================================
`input`    jump of V of ``LIF``, ``LI``                jump of I of ``CubaLIF``, ``CubaLI``
=========  ==========================================  ==================================================
"exact"    ``w r (1 - exp(-dt / tau))``                ``w w_in (1 - exp(-dt / tau_syn))``
"euler"    ``w r dt / tau``                            ``w w_in dt / tau_syn``
=========  ==========================================  ==================================================

Files of snnTorch are ``"euler"`` with ``dt_ms=0.1``: it writes r and w_in such that the jump is w.

* V of NIR is in mV here, its I in pA, and ``c_m_pf = tau_m_ms / r``; NIR's times are in s. Neurons start at rest and have no refractoriness.
* NIR fires at V > v_threshold, tauspike at V >= v_th: that differs where V touches it exactly.
* A spike arrives when it is sent. Where an edge is part of a loop of neurons it arrives ``dt_ms`` later, as in simulators with steps. ``Delay``
  adds to either.
* ``IF`` is a neuron with a time constant of 1e15 ms: after t ms V has lost t / 1e15 of itself. With a bias it is refused.
* A bias is a constant current from time 0 on. Into ``CubaLIF`` and ``CubaLI`` it goes through the synapse, so it comes up with ``tau_syn``:
  a source ``"onset of <node>"``, which fires once at 0, takes away what is not there yet.
"""

from .reading import Imported, read
from .writing import graph, write

__all__ = ["Imported", "graph", "read", "write"]
