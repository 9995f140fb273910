//! A part of the runs, for one of several processes: every n-th.

use crate::error::SweepError;
use std::fmt;
use std::str::FromStr;

/// Part `number` of `of`, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    number: usize,
    of: usize,
}

impl Shard {
    /// All runs.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// Whether run `index`, from 0, belongs to it.
    pub fn has(self, index: usize) -> bool {
        index % self.of == self.number - 1
    }

    /// Of how many parts it is one.
    pub fn of(self) -> usize {
        self.of
    }
}

impl FromStr for Shard {
    type Err = SweepError;

    fn from_str(text: &str) -> Result<Self, SweepError> {
        let refuse = || SweepError::Shard { given: text.to_owned() };
        let (number, of) = text.split_once('/').ok_or_else(refuse)?;
        let (number, of) = (number.trim().parse().map_err(|_| refuse())?, of.trim().parse().map_err(|_| refuse())?);
        if (1..=of).contains(&number) { Ok(Self { number, of }) } else { Err(refuse()) }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_share_all_runs_without_overlap() {
        let shards: Vec<Shard> = (1..=4).map(|k| format!("{k}/4").parse().unwrap()).collect();
        for index in 0..20 {
            assert_eq!(shards.iter().filter(|shard| shard.has(index)).count(), 1);
        }
        assert!((0..20).all(|index| Shard::WHOLE.has(index)));
    }

    #[test]
    fn what_is_no_shard_is_refused() {
        for wrong in ["", "3", "0/4", "5/4", "a/4", "1/0", "-1/4", "1/4/2"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
