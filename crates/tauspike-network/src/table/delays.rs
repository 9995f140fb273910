//! The delays of the rows of a block. A row is sorted by delay, so equal ones stand together: where rows are long and delays few, as with
//! delays rounded to a step, the ends of these *runs* take less memory than a delay for each synapse, and less time to read.

use crate::table::column::Column;
use std::ops::Range;

/// Delays of synapses, ms.
#[derive(Clone, Debug)]
pub enum Delays {
    /// By synapse.
    Each(Column),
    /// By row and run.
    Runs(Runs),
}

/// Runs of synapses of one row with one delay.
#[derive(Clone, Debug)]
pub struct Runs {
    /// The distinct delays, ms.
    table: Vec<f64>,
    /// Of each run, which of them.
    codes: Vec<u16>,
    /// Of each run, the synapse behind its last.
    ends: Vec<u32>,
    /// The first run of each row, and the number of runs.
    of_row: Vec<u32>,
}

impl Delays {
    /// The form that takes less memory for the rows between these offsets; each of them is sorted.
    pub(crate) fn in_runs(self, offsets: &[u32]) -> Self {
        match &self {
            Delays::Each(Column::Coded { table, codes }) => match Runs::of(table, codes, offsets) {
                Some(runs) if runs.bytes() < self.bytes() => Delays::Runs(runs),
                _ => self,
            },
            _ => self,
        }
    }

    /// The one delay of all synapses, if they share it.
    pub fn shared(&self) -> Option<f64> {
        match self {
            Delays::Each(column) => column.shared(),
            Delays::Runs(_) => None,
        }
    }

    /// The synapses of row number `number`, which are at `row`, in pieces of one delay each, ms, ascending.
    pub fn pieces(&self, number: usize, row: Range<usize>) -> impl Iterator<Item = (Range<usize>, f64)> + '_ {
        let (runs, each) = match self {
            Delays::Each(column) => (None, Some(row.clone().map(|k| (k..k + 1, column.get(k))))),
            Delays::Runs(runs) => (Some(runs.pieces(runs.of_row(number), row.start)), None),
        };
        runs.into_iter().flatten().chain(each.into_iter().flatten())
    }

    /// Memory, bytes.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Delays::Each(column) => column.bytes(),
            Delays::Runs(runs) => runs.bytes(),
        }
    }
}

impl Runs {
    /// None if there are none.
    fn of(table: &[f64], codes: &[u16], offsets: &[u32]) -> Option<Self> {
        let rows = || offsets.windows(2).map(|row| &codes[row[0] as usize..row[1] as usize]);
        let number: usize = rows().map(|row| row.chunk_by(u16::eq).count()).sum();
        let mut runs = Self {
            table: table.to_vec(),
            codes: Vec::with_capacity(number),
            ends: Vec::with_capacity(number),
            of_row: Vec::with_capacity(offsets.len()),
        };
        let mut end = *offsets.first()?;
        for row in rows() {
            runs.of_row.push(runs.codes.len() as u32);
            for run in row.chunk_by(u16::eq) {
                end += run.len() as u32;
                runs.codes.push(run[0]);
                runs.ends.push(end);
            }
        }
        runs.of_row.push(runs.codes.len() as u32);
        Some(runs)
    }

    /// The runs of row number `number`; none if there is no such row.
    #[inline(always)]
    pub fn of_row(&self, number: usize) -> Range<usize> {
        match self.of_row.get(number + 1) {
            Some(end) => self.of_row[number] as usize..*end as usize,
            None => 0..0,
        }
    }

    /// Where the synapses of these runs are, the first of which begins at `start`, and their delays, ms, ascending in a row.
    #[inline(always)]
    pub fn pieces(&self, runs: Range<usize>, start: usize) -> impl Iterator<Item = (Range<usize>, f64)> + '_ {
        let mut start = start;
        self.codes[runs.clone()].iter().zip(&self.ends[runs]).map(move |(code, end)| {
            let piece = start..*end as usize;
            start = piece.end;
            (piece, self.table[*code as usize])
        })
    }

    /// What [`Runs::pieces`] reads, by run; for those who look ahead of it.
    #[inline(always)]
    pub fn columns(&self) -> (&[u16], &[u32]) {
        (&self.codes, &self.ends)
    }

    fn bytes(&self) -> usize {
        self.table.len() * 8 + self.codes.len() * 2 + (self.ends.len() + self.of_row.len()) * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The offsets of rows of these lengths.
    fn offsets(rows: &[Vec<u16>]) -> Vec<u32> {
        let mut offsets = vec![0];
        rows.iter().for_each(|row| offsets.push(offsets[offsets.len() - 1] + row.len() as u32));
        offsets
    }

    proptest! {
        #[test]
        fn either_form_gives_back_every_delay(
            mut rows in prop::collection::vec(prop::collection::vec(0u16..4, 0..40), 1..10)
        ) {
            rows.iter_mut().for_each(|row| row.sort_unstable());
            let table = vec![0.0, 0.1, 0.30000000000000004, 7.0];
            let column = Column::Coded { table: table.clone(), codes: rows.concat() };
            let offsets = offsets(&rows);
            let runs = Runs::of(&table, &rows.concat(), &offsets).unwrap();
            for delays in [Delays::Each(column), Delays::Runs(runs)] {
                for (number, codes) in rows.iter().enumerate() {
                    let row = offsets[number] as usize..offsets[number + 1] as usize;
                    let pieces: Vec<_> = delays.pieces(number, row.clone()).collect();
                    let places = pieces.iter().flat_map(|(piece, _)| piece.clone());
                    prop_assert!(places.eq(row));
                    let values = pieces.iter().flat_map(|(piece, delay)| piece.clone().map(|_| *delay));
                    prop_assert!(values.eq(codes.iter().map(|code| table[*code as usize])));
                }
            }
        }
    }

    #[test]
    fn runs_are_kept_where_they_take_less_memory() {
        let form = |rows: &[Vec<u16>]| {
            let column = Column::Coded { table: vec![0.1, 0.2], codes: rows.concat() };
            let (bytes, delays) = (column.bytes(), Delays::Each(column).in_runs(&offsets(rows)));
            assert!(delays.bytes() <= bytes, "{delays:?}");
            matches!(delays, Delays::Runs(_))
        };
        assert!(form(&vec![[[0; 9], [1; 9]].concat(); 5]));
        assert!(!form(&vec![vec![0, 1]; 5]));
        assert!(!form(&[vec![], vec![]]));
        assert!(matches!(Delays::Each(Column::Shared(1.0)).in_runs(&[0, 5]), Delays::Each(_)));
    }
}
