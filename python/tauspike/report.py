"""What a network came out as."""

from __future__ import annotations

import json
from typing import Any


class Report(dict[str, Any]):
    """A dictionary that prints as a text: scenario, neurons, synapses, and a table for each population and projection."""

    def __init__(self, as_json: str, text: str) -> None:
        super().__init__(json.loads(as_json))
        self._text = text

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return self._text
