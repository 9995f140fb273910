//! What a column measures, as far as reading depends on it: a time may be written in other units than ms.

/// What the numbers of a column measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// A time: plain numbers are ms; durations (Parquet, Arrow, NumPy's timedelta64) and times of day are converted to ms.
    Time,
    /// Anything else, in the unit of its key: a duration is refused.
    Other,
}

impl Quantity {
    /// What a key such as `tau_m_ms` or `v_th_mv` measures: its ending is its unit.
    pub fn of_key(key: &str) -> Self {
        if key.ends_with("_ms") { Quantity::Time } else { Quantity::Other }
    }
}

/// Unit of the times in a file whose column names and types do not tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Nanoseconds.
    Ns,
    /// Microseconds.
    Us,
    /// Milliseconds.
    Ms,
    /// Seconds.
    S,
}

/// What a column of times may be called: its ending is its unit. The first name is that of our own files.
pub(crate) const TIMES: [&str; 4] = ["time_ms", "time_s", "time_us", "time_ns"];

impl TimeUnit {
    /// That of the column of times among the columns called `names`, and the name; ms and `time_ms` if there is none.
    pub(crate) fn of_columns(names: &[String]) -> (Self, &'static str) {
        let name = TIMES.into_iter().find(|time| names.iter().any(|name| name == time)).unwrap_or(TIMES[0]);
        (name.strip_prefix("time_").and_then(Self::parse).unwrap_or(TimeUnit::Ms), name)
    }

    /// What a column of such times holds: one of ms may have durations, which tell their unit themselves.
    pub(crate) fn quantity(self) -> Quantity {
        if self == TimeUnit::Ms { Quantity::Time } else { Quantity::Other }
    }

    /// `ns`, `us`, `ms` or `s`; nothing else.
    pub fn parse(name: &str) -> Option<Self> {
        [TimeUnit::Ns, TimeUnit::Us, TimeUnit::Ms, TimeUnit::S].into_iter().find(|unit| unit.name() == name)
    }

    /// A time in this unit as ms, rounded once. May overflow to infinity.
    pub fn to_ms(self, time: f64) -> f64 {
        let (times, per) = self.in_ms();
        // Not `* 0.001`, which rounds twice: 0.001 is no f64. One of the two is 1.
        time * times as f64 / per as f64
    }

    /// A whole number of this unit as ms, rounded once; none if it has more digits than an f64.
    pub(crate) fn whole_to_ms(self, time: i64) -> Option<f64> {
        let (times, per) = self.in_ms();
        let whole = i128::from(time) * i128::from(times);
        // The least i64 is NumPy's "not a time".
        let exact = (whole as f64) as i128 == whole && time != i64::MIN;
        exact.then_some(whole as f64 / per as f64)
    }

    /// The unit in ms: how many there are in it, or how many of it there are in one.
    fn in_ms(self) -> (u32, u32) {
        match self {
            TimeUnit::Ns => (1, 1_000_000),
            TimeUnit::Us => (1, 1000),
            TimeUnit::Ms => (1, 1),
            TimeUnit::S => (1000, 1),
        }
    }

    /// The name that [`TimeUnit::parse`] takes.
    pub fn name(self) -> &'static str {
        match self {
            TimeUnit::Ns => "ns",
            TimeUnit::Us => "us",
            TimeUnit::Ms => "ms",
            TimeUnit::S => "s",
        }
    }
}
