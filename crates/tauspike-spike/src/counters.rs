//! What does a run count?
//!
//! The one list of counters: a counter is added here and where it is counted. Tables, manifest, printouts, expected values and
//! studies go over [`Counters::LIST`] and [`Counters::entries`], and name none.

/// One entry of [`Counters::LIST`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter {
    /// The field of [`Counters`], and its key in every file.
    pub name: &'static str,
    /// What is counted: a number without unit.
    pub meaning: &'static str,
    /// What it depends on.
    pub kind: Kind,
}

/// What a counter depends on. None depends on the number of threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The network alone.
    Work,
    /// Also how the run is scheduled: the size of blocks, windows, cuts, the queue.
    Schedule,
}

macro_rules! counters {
    ($($name:ident: $kind:ident, $meaning:literal;)*) => {
        /// Totals since time 0.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub struct Counters {
            $(#[doc = $meaning] pub $name: u64,)*
        }

        impl Counters {
            /// How many counters there are.
            pub const COUNT: usize = Self::LIST.len();

            /// Every counter, in the order of all tables.
            pub const LIST: &[Counter] =
                &[$(Counter { name: stringify!($name), meaning: $meaning, kind: Kind::$kind }),*];

            /// Every counter with its value, in the order of [`Counters::LIST`].
            pub fn entries(&self) -> [(Counter, u64); Self::COUNT] {
                let values = [$(self.$name),*];
                std::array::from_fn(|at| (Self::LIST[at], values[at]))
            }

            /// From the values of [`Counters::entries`].
            pub fn from_values([$($name),*]: [u64; Self::COUNT]) -> Counters {
                Counters { $($name),* }
            }

            /// Counter by counter what `value` makes of both.
            fn with(&self, other: &Counters, value: impl Fn(u64, u64) -> u64) -> Counters {
                Counters { $($name: value(self.$name, other.$name),)* }
            }

            /// Those of the network alone; the others are 0.
            pub fn work(&self) -> Counters {
                Counters { $($name: match Kind::$kind { Kind::Work => self.$name, Kind::Schedule => 0 },)* }
            }
        }
    };
}

counters! {
    spikes: Work, "Spikes of neurons.";
    source_spikes: Work, "Spikes of spike sources.";
    synaptic_arrivals: Work, "Arrivals over synapses, also those dropped in refractoriness.";
    external_arrivals: Work, "Private external arrivals (Poisson inputs) and current steps, one for each neuron reached.";
    neuron_updates: Work, "Times an event was added to a membrane: with delta synapses each arrival, also where it is lost in refractoriness.";
    crossings_tested: Schedule, "Times it was asked at an event whether a membrane crosses threshold.";
    crossings_solved: Schedule, "Crossing times computed.";
    windows: Schedule, "Spans of time in which a block of neurons added up what arrived.";
    looks: Schedule, "Neurons that might have fired in a window, and were gone through event by event.";
    queue_operations: Schedule, "Entries put into or taken from a calendar or priority queue.";
}

impl Counters {
    /// Counter by counter `self - earlier`.
    pub fn since(&self, earlier: &Counters) -> Counters {
        self.with(earlier, |now, then| now - then)
    }

    /// Adds every counter of `other`.
    pub fn add(&mut self, other: &Counters) {
        *self = self.with(other, |a, b| a + b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_names_every_field_once_and_in_order() {
        let mut counters = Counters { spikes: 1, ..Counters::default() };
        counters.add(&Counters { spikes: 2, queue_operations: 7, ..Counters::default() });
        let entries = counters.entries();
        assert_eq!(entries.map(|(counter, _)| counter).as_slice(), Counters::LIST);
        // serde sees the fields themselves, whatever the list says.
        let fields = format!("{counters:?}");
        let listed: Vec<String> = entries.iter().map(|(counter, value)| format!("{}: {value}", counter.name)).collect();
        assert_eq!(fields, format!("Counters {{ {} }}", listed.join(", ")));
        assert_eq!(counters.since(&Counters { spikes: 1, ..counters }), Counters { spikes: 2, ..Counters::default() });
        assert_eq!(Counters::from_values(entries.map(|(_, value)| value)), counters);
        assert_eq!(counters.work(), Counters { spikes: 3, ..Counters::default() });
    }
}
