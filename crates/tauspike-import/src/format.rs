//! Which formats there are, and how the name of a file tells its format.

use std::fmt;

/// A file format. The extension of a file name decides it: `.csv`, `.parquet`, `.npz`, `.npy`; `.txt` and `.dat` are text.
/// CSV and text may be compressed by gzip: `.csv.gz`, `.txt.gz`, `.dat.gz`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Comma-separated values with a header line; lines that start with `#` are comments.
    Csv,
    /// Apache Parquet.
    Parquet,
    /// A zip archive of NumPy arrays; SciPy's `save_npz` writes one too.
    Npz,
    /// One NumPy array.
    Npy,
    /// Numbers in lines, separated by white space, without a header; lines that start with `#` are comments.
    Text,
}

impl Format {
    /// The format of a file of this name, or the extension that tells none.
    pub(crate) fn of_name(name: &str) -> Result<Self, String> {
        let name = name.to_lowercase();
        let plain = name.strip_suffix(".gz");
        let extension = |name: &str| name.rsplit_once('.').map_or("", |(_, extension)| extension).to_owned();
        match (extension(plain.unwrap_or(&name)).as_str(), plain) {
            ("csv", _) => Ok(Format::Csv),
            ("txt" | "dat", _) => Ok(Format::Text),
            ("parquet", None) => Ok(Format::Parquet),
            ("npz", None) => Ok(Format::Npz),
            ("npy", None) => Ok(Format::Npy),
            (_, None) => Err(extension(&name)),
            (inner, Some(_)) => Err(format!("{inner}.gz")),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Csv => "CSV",
            Format::Parquet => "Parquet",
            Format::Npz => "NPZ",
            Format::Npy => "NPY",
            Format::Text => "text",
        })
    }
}
