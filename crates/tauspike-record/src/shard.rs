//! Work that several processes share by a folder: each has every n-th piece, and a lock that dies with it.
//!
//! The locks are `<locks>/3-of-16/`. Nobody hands out work, so the processes need nothing but a folder that all of them see.

use crate::error::RecordError;
use crate::lock::{Lock, holder};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Part `number` of `of`, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    number: usize,
    of: usize,
}

/// A shard that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("--shard {given}; allowed: k/n with k from 1 to n, such as 3/16")]
pub struct ShardError {
    /// What was given.
    pub given: String,
}

impl Shard {
    /// All of it.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// Whether piece `index`, from 0, belongs to it.
    pub fn has(self, index: usize) -> bool {
        index % self.of == self.number - 1
    }

    /// Takes it, by a lock in the folder `locks`: nobody else works on its pieces as long as the lock lives.
    ///
    /// # Errors
    /// If somebody is at work on this shard, or on one of another number of shards, which shares pieces with it.
    pub fn take(self, locks: &Path) -> Result<Lock, RecordError> {
        let folder = locks.join(self.to_string().replace('/', "-of-"));
        let lock = Lock::take(&folder)?;
        for (path, holder) in at_work(locks)? {
            let of = path.file_name().and_then(|name| name.to_str()?.rsplit_once("-of-")?.1.parse::<usize>().ok());
            if path != folder && of != Some(self.of) {
                return Err(RecordError::Held { path, holder });
            }
        }
        Ok(lock)
    }
}

/// Who is at work on shards, with their locks in the folder `locks`.
///
/// # Errors
/// If the folder cannot be listed.
pub fn at_work(locks: &Path) -> Result<Vec<(PathBuf, String)>, RecordError> {
    if !locks.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(locks).map_err(RecordError::io(locks, "list"))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains("-of-")));
    paths.sort();
    Ok(paths.into_iter().filter_map(|path| holder(&path).map(|holder| (path, holder))).collect())
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        let refuse = || ShardError { given: text.to_owned() };
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
    fn shards_share_all_pieces_without_overlap() {
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

    #[test]
    fn a_shard_has_one_owner_and_all_have_one_division() {
        let folder = tempfile::tempdir().unwrap();
        let take = |text: &str| text.parse::<Shard>().unwrap().take(folder.path());
        let first = take("1/3").unwrap();
        assert!(matches!(take("1/3"), Err(RecordError::Held { .. })));
        assert!(matches!(take("1/4"), Err(RecordError::Held { .. })), "it shares pieces with 1/3");
        let second = take("2/3").unwrap();
        assert_eq!(at_work(folder.path()).unwrap().len(), 2);
        drop((first, second));
        assert!(take("1/4").is_ok() && at_work(folder.path()).unwrap().is_empty());
    }
}
