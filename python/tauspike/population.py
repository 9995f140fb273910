"""What a network is made of: neurons, or spike sources, with a name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Population:
    """A population of a `Network`: its neurons, or spike sources, are ``first .. first + size - 1`` in all tables.

    Attributes
    ----------
    name : str
        Unique in the network.
    first : int
        Its first neuron.
    size : int
        How many there are.
    model : str
        ``"lif_delta"``, ``"lif_exp"``, ``"lif_alpha"``, ``"li_delta"``, ``"li_exp"``, ``"li_alpha"``, ``"spike_trains"`` or ``"poisson"``.
    """

    name: str
    first: int
    size: int
    model: str

    def __len__(self) -> int:
        return self.size

    @property
    def neurons(self) -> NDArray[np.uint32]:
        """Indices of its neurons in tables, shape (size,)."""
        return np.arange(self.first, self.first + self.size, dtype=np.uint32)

    @property
    def members(self) -> range:
        """The same as a range."""
        return range(self.first, self.first + self.size)
