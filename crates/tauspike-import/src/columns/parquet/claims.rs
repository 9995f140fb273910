//! What a Parquet file claims about itself, bounded by its size before the reader believes it.
//!
//! The `parquet` crate reserves room for as many values as a page header claims, and walks lists as long as they claim to be: some 500 damaged
//! bytes took gigabytes, or half a minute, to be refused.

use super::format::{FOOTER, PAGE_HEADER};
use super::thrift::{ENDS, Number, walk};
use bytes::Bytes;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::reader::ChunkReader;

/// Rows per byte of file beyond which it is refused. Run lengths can claim 2^31 rows in a few bytes; the largest ratio of
/// zip's compression is taken as the limit here too, so that no format unpacks a small file into all of the memory.
const MOST_ROWS_PER_BYTE: u64 = 1032;
/// Bytes per row at that limit, and for a page of any file, beyond which an unpacked page is refused.
const MOST_ROW_BYTES: u64 = 16;
const ALWAYS_ALLOWED: u64 = 1 << 20;
/// Of a page header, without long statistics.
const USUAL_HEADER: u64 = 1 << 10;

/// Walks the footer: the magic bytes and the length before them are left to the reader.
pub(super) fn check_footer(file: &impl ChunkReader) -> Result<(), ParquetError> {
    const TAIL: u64 = 8;
    let Some(end) = file.len().checked_sub(TAIL) else { return Ok(()) };
    let tail = file.get_bytes(end, TAIL as usize)?;
    let (length, magic) = tail.split_at(4);
    let length = u64::from(u32::from_le_bytes(length.try_into().expect("four bytes")));
    if magic != b"PAR1" || length > end {
        return Ok(());
    }
    let footer = file.get_bytes(end - length, length as usize)?;
    walk(&footer, FOOTER).map(drop).map_err(damaged)
}

/// Checks the number of rows.
pub(super) fn check_rows(file: &impl ChunkReader, metadata: &ParquetMetaData) -> Result<(), ParquetError> {
    let rows: i128 = metadata.row_groups().iter().map(|group| i128::from(group.num_rows())).sum();
    let most = Most::of_size(file.len()).rows;
    if (0..=i128::from(most)).contains(&rows) {
        return Ok(());
    }
    Err(damaged(format!("it claims {rows} rows; a file of its size has at most {most}")))
}

/// Checks the pages of the columns at `wanted`, places in the schema.
pub(super) fn check_pages(
    file: &impl ChunkReader,
    metadata: &ParquetMetaData,
    wanted: &[usize],
) -> Result<(), ParquetError> {
    let schema = metadata.file_metadata().schema_descr();
    let leaves: Vec<usize> =
        (0..schema.num_columns()).filter(|leaf| wanted.contains(&schema.get_column_root_idx(*leaf))).collect();
    let most = Most::of_size(file.len());
    for group in metadata.row_groups() {
        leaves.iter().try_for_each(|leaf| check_chunk(file, group.column(*leaf), most))?;
    }
    Ok(())
}

/// The largest claims that are believed.
#[derive(Clone, Copy, Debug)]
struct Most {
    rows: u64,
    page_bytes: u64,
}

impl Most {
    fn of_size(bytes: u64) -> Self {
        let rows = bytes.saturating_mul(MOST_ROWS_PER_BYTE);
        Self { rows, page_bytes: rows.saturating_mul(MOST_ROW_BYTES).saturating_add(ALWAYS_ALLOWED) }
    }
}

fn check_chunk(file: &impl ChunkReader, column: &ColumnChunkMetaData, most: Most) -> Result<(), ParquetError> {
    let (mut at, length) = column.byte_range();
    let end = at.checked_add(length).filter(|end| *end <= file.len()).ok_or_else(|| damaged(ENDS))?;
    while at < end {
        let (header_length, header) = read_header(file, at, end)?;
        check_header(&header, most)?;
        let packed = u64::try_from(header.packed).map_err(|_| damaged("a page claims a negative length"))?;
        at = at.saturating_add(header_length).saturating_add(packed);
    }
    Ok(())
}

/// The numbers of a page header that matter here.
#[derive(Clone, Copy, Debug, Default)]
struct Header {
    unpacked: i64,
    packed: i64,
    /// Of a page of data, of either version.
    values: i64,
    /// Of a dictionary.
    entries: i64,
}

/// The header at `at` and its length; nothing at `end` and beyond belongs to it.
fn read_header(file: &impl ChunkReader, at: u64, end: u64) -> Result<(u64, Header), ParquetError> {
    let read = |length: u64| file.get_bytes(at, length as usize).map(|bytes: Bytes| walk(&bytes, PAGE_HEADER));
    let left = end - at;
    let walked = match read(left.min(USUAL_HEADER))? {
        Err(_) if left > USUAL_HEADER => read(left)?,
        walked => walked,
    };
    let (length, numbers) = walked.map_err(damaged)?;
    let mut header = Header::default();
    for Number { ids, value } in numbers {
        match ids {
            [2, 0] => header.unpacked = value,
            [3, 0] => header.packed = value,
            [5 | 8, 1] => header.values = value,
            [7, 1] => header.entries = value,
            _ => {}
        }
    }
    Ok((length as u64, header))
}

fn check_header(header: &Header, most: Most) -> Result<(), ParquetError> {
    // A dictionary holds its entries plainly: a byte or more for each.
    let entries = u64::try_from(header.unpacked).unwrap_or(0);
    let claims = [
        ("bytes", header.unpacked, most.page_bytes),
        ("values", header.values, most.rows),
        ("entries of a dictionary", header.entries, entries),
    ];
    for (what, claimed, most) in claims {
        if !(0..=i128::from(most)).contains(&i128::from(claimed)) {
            return Err(damaged(format!("a page claims {claimed} {what}; allowed: 0 to {most}")));
        }
    }
    Ok(())
}

fn damaged(reason: impl Into<String>) -> ParquetError {
    ParquetError::General(reason.into())
}
