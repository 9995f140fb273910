//! Takes what a run brings and keeps it in memory, until it is asked for as tables.

use crate::table::Table;
use arrow::record_batch::RecordBatch;
use tauspike_record::{CounterRow, Counters, Digest, Populations, Probes, Spikes, Table as Rows};
use tauspike_spike::{ProbeRow, SinkError, Spike, SpikeSink};

/// Rows that nobody has asked for yet.
pub struct Memory {
    spikes: (Vec<Spike>, Spikes),
    probes: (Vec<ProbeRow>, Probes),
    counters: (Vec<CounterRow>, Counters),
    populations: Populations,
}

/// Spikes, probes and counters of some model time.
pub type Tables = (Table, Table, Table);

impl Memory {
    pub fn new(populations: Populations) -> Self {
        Self {
            spikes: (Vec::new(), Spikes::new(populations.clone())),
            probes: (Vec::new(), Probes::new(populations.clone())),
            counters: (Vec::new(), Counters::default()),
            populations,
        }
    }

    /// Takes what was counted in an interval.
    pub fn take_counters(&mut self, row: CounterRow) {
        self.counters.0.push(row);
    }

    /// What has come since the last call.
    pub fn tables(&mut self) -> Tables {
        let spikes = of(&mut self.spikes);
        let probes = of(&mut self.probes);
        let counters = of(&mut self.counters);
        let table = |batch| Table::new(batch, self.populations.clone());
        (table(spikes), table(probes), table(counters))
    }

    /// Whether all has been asked for.
    pub fn is_empty(&self) -> bool {
        self.spikes.0.is_empty() && self.probes.0.is_empty() && self.counters.0.is_empty()
    }

    /// Of all spikes that have been asked for.
    pub fn digest(&self) -> &Digest {
        &self.spikes.1.digest
    }
}

fn of<T: Rows>((rows, table): &mut (Vec<T::Row>, T)) -> RecordBatch {
    table.batch(&std::mem::take(rows))
}

impl SpikeSink for Memory {
    fn take(&mut self, spikes: &[Spike]) -> Result<(), SinkError> {
        self.spikes.0.extend_from_slice(spikes);
        Ok(())
    }

    fn take_probes(&mut self, rows: &[ProbeRow]) -> Result<(), SinkError> {
        self.probes.0.extend_from_slice(rows);
        Ok(())
    }
}
