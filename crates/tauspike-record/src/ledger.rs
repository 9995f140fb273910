//! What is known of the parts of a table besides the parts themselves: how many rows went into each, and the SHA-256 of its bytes.
//!
//! The recorder keeps it in memory, and in a file beside the folder of parts (`.spikes.parquet.ledger`) for [`crate::recover()`]. One
//! line a part, in the order of their numbers, written and synced *before* the part gets its name:
//!
//! ```text
//! part-00001.parquet 262144 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
//! ```
//!
//! So a part that was taken away, cut short, replaced or added is told from one that was never written.

use crate::digest::hex;
use crate::durable::{beside, folder_of, is_aside, rename, sync_folder};
use crate::error::RecordError;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// One part, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub rows: u64,
    /// Of the file's bytes, hexadecimal.
    pub sha256: String,
}

/// The parts of one table, `part-00000.parquet` first.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub parts: Vec<Part>,
    file: Option<File>,
}

impl Ledger {
    /// Of a table that is begun at `table`.
    pub fn create(table: &Path) -> Result<Self, RecordError> {
        let path = ledger_file(table);
        let file = OpenOptions::new().append(true).create_new(true).open(&path);
        let file = Some(file.map_err(RecordError::io(&path, "create"))?);
        sync_folder(folder_of(&path))?;
        Ok(Self { parts: Vec::new(), file })
    }

    /// As the run that wrote `table` left it; `None` if there is none. A last line that was cut short is no line: its part has no
    /// name yet.
    pub fn read(table: &Path) -> Result<Option<Self>, RecordError> {
        let path = ledger_file(table);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            text => text.map_err(RecordError::io(&path, "read"))?,
        };
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let part = |(number, line): (usize, &str)| {
            parse(line, number).ok_or_else(|| RecordError::altered(&path, format!("line {}: `{line}`", number + 1)))
        };
        let parts = whole.lines().enumerate().map(part).collect::<Result<_, _>>()?;
        Ok(Some(Self { parts, file: None }))
    }

    /// Of parts without a ledger, as a version before ledgers left them.
    pub fn of_parts(parts: Vec<Part>) -> Self {
        Self { parts, file: None }
    }

    /// Notes the next part, of `table`.
    pub fn append(&mut self, table: &Path, part: Part) -> Result<(), RecordError> {
        if let Some(file) = &mut self.file {
            let line = format!("{} {} {}\n", part_name(self.parts.len()), part.rows, part.sha256);
            let written = file.write_all(line.as_bytes()).and_then(|()| file.sync_data());
            written.map_err(RecordError::io(&ledger_file(table), "write"))?;
        }
        self.parts.push(part);
        Ok(())
    }

    /// Rows of all parts.
    pub fn rows(&self) -> u64 {
        self.parts.iter().map(|part| part.rows).sum()
    }

    /// Whether `folder` holds these parts and nothing else, byte by byte.
    pub fn check(&self, folder: &Path) -> Result<(), RecordError> {
        let found = entries(folder)?;
        for (number, part) in self.parts.iter().enumerate() {
            let path = folder.join(part_name(number));
            if !found.contains(&path) {
                return Err(RecordError::altered(&path, format!("is gone; {} rows were recorded in it", part.rows)));
            }
            if sha256_of(&path)? != part.sha256 {
                return Err(RecordError::altered(&path, "does not hold what was recorded in it"));
            }
        }
        let other = |path: &&PathBuf| number_of(path).is_none_or(|number| number >= self.parts.len());
        match found.iter().find(other) {
            Some(other) => Err(RecordError::altered(other, "was not written by this recording")),
            None => Ok(()),
        }
    }

    /// If the last part was noted and then not named, because the process was killed in between: names it now.
    pub fn name_the_last(&self, table: &Path) -> Result<(), RecordError> {
        let Some(last) = self.parts.last() else { return Ok(()) };
        let path = table.join(part_name(self.parts.len() - 1));
        if path.exists() || !table.is_dir() {
            return Ok(());
        }
        for aside in entries(folder_of(table))? {
            let name = aside.file_name().unwrap_or_default().to_string_lossy();
            if is_aside(&name) && sha256_of(&aside)? == last.sha256 {
                return rename(&aside, &path);
            }
        }
        Ok(())
    }
}

/// Where the ledger of a table is.
pub(crate) fn ledger_file(table: &Path) -> PathBuf {
    beside(table, ".ledger")
}

/// Name of the part with this number.
pub(crate) fn part_name(number: usize) -> String {
    format!("part-{number:05}.parquet")
}

/// Number of a part file, if the name is one of [`part_name`].
pub(crate) fn number_of(path: &Path) -> Option<usize> {
    let name = path.file_name()?.to_str()?;
    let number = name.strip_prefix("part-")?.strip_suffix(".parquet")?.parse().ok()?;
    (part_name(number) == name).then_some(number)
}

/// Part files of a folder, in the order of their numbers.
pub(crate) fn part_files(folder: &Path) -> Result<Vec<PathBuf>, RecordError> {
    let mut parts: Vec<PathBuf> = entries(folder)?.into_iter().filter(|path| number_of(path).is_some()).collect();
    parts.sort_by_key(|path| number_of(path));
    Ok(parts)
}

/// SHA-256 of a file's bytes, hexadecimal.
pub fn sha256_of(path: &Path) -> Result<String, RecordError> {
    let mut hashing = Hashing::new(io::sink());
    let copied = File::open(path).and_then(|mut file| io::copy(&mut file, &mut hashing));
    copied.map_err(RecordError::io(path, "read"))?;
    Ok(hashing.into_inner().1)
}

fn entries(folder: &Path) -> Result<BTreeSet<PathBuf>, RecordError> {
    let list = |error| RecordError::io(folder, "list")(error);
    fs::read_dir(folder).map_err(list)?.map(|entry| Ok(entry.map_err(list)?.path())).collect()
}

fn parse(line: &str, number: usize) -> Option<Part> {
    let mut words = line.split(' ');
    let (name, rows, sha256) = (words.next()?, words.next()?.parse().ok()?, words.next()?.to_owned());
    (name == part_name(number) && sha256.len() == 64 && words.next().is_none()).then_some(Part { rows, sha256 })
}

/// Hashes what is written through it.
pub(crate) struct Hashing<W> {
    inner: W,
    hash: Sha256,
}

impl<W> Hashing<W> {
    pub fn new(inner: W) -> Self {
        Self { inner, hash: Sha256::new() }
    }

    /// What was written to, and the SHA-256 of what was written, hexadecimal.
    pub fn into_inner(self) -> (W, String) {
        (self.inner, hex(self.hash))
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
