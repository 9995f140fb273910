//! A column of f64 values in as few bytes as the values allow, without changing one of them.

use std::collections::HashMap;

const MOST_CODES: usize = 1 << 16;

/// Values addressed by index; reading gives back exactly the f64 that was put in.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// One value for every index.
    Shared(f64),
    /// At most 65536 distinct values: a table and a 2-byte code each.
    Coded {
        /// The distinct values.
        table: Vec<f64>,
        /// Index into `table`.
        codes: Vec<u16>,
    },
    /// Values that are all representable in f32.
    Single(Vec<f32>),
    /// Any values.
    Double(Vec<f64>),
}

impl Column {
    /// The value at `index`.
    ///
    /// # Panics
    /// If `index` is out of range, except for [`Column::Shared`], which has no range.
    #[inline(always)]
    pub fn get(&self, index: usize) -> f64 {
        match self {
            Column::Shared(value) => *value,
            Column::Coded { table, codes } => table[codes[index] as usize],
            Column::Single(values) => f64::from(values[index]),
            Column::Double(values) => values[index],
        }
    }

    /// The one value of every index, if the column is [`Column::Shared`].
    pub fn shared(&self) -> Option<f64> {
        match self {
            Column::Shared(value) => Some(*value),
            _ => None,
        }
    }

    /// The smallest column that gives back exactly these values (bit for bit, so -0.0 stays -0.0).
    pub fn of(values: Vec<f64>) -> Self {
        let Some(first) = values.first().copied() else { return Column::Shared(0.0) };
        if values.iter().all(|v| v.to_bits() == first.to_bits()) {
            return Column::Shared(first);
        }
        let fits_single = values.iter().all(|v| f64::from(*v as f32).to_bits() == v.to_bits());
        let plain_bytes = values.len() * if fits_single { 4 } else { 8 };
        match Self::coded(&values) {
            Some(coded) if coded.bytes() < plain_bytes => coded,
            _ if fits_single => Column::Single(values.into_iter().map(|v| v as f32).collect()),
            _ => Column::Double(values),
        }
    }

    fn coded(values: &[f64]) -> Option<Self> {
        let mut code_of: HashMap<u64, u16> = HashMap::new();
        let mut table = Vec::new();
        let mut codes = Vec::new();
        for value in values {
            let code = match code_of.get(&value.to_bits()) {
                Some(code) => *code,
                None if table.len() == MOST_CODES => return None,
                None => {
                    let code = table.len() as u16;
                    code_of.insert(value.to_bits(), code);
                    table.push(*value);
                    code
                }
            };
            codes.push(code);
        }
        codes.shrink_to_fit();
        Some(Column::Coded { table, codes })
    }

    /// The values at 0 .. `len`.
    ///
    /// # Panics
    /// If `len` is beyond the end, except for [`Column::Shared`].
    pub fn values(&self, len: usize) -> impl Iterator<Item = f64> + '_ {
        (0..len).map(|index| self.get(index))
    }

    /// Memory of the values, bytes.
    pub fn bytes(&self) -> usize {
        match self {
            Column::Shared(_) => 0,
            Column::Coded { table, codes } => table.len() * 8 + codes.len() * 2,
            Column::Single(values) => values.len() * 4,
            Column::Double(values) => values.len() * 8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_column_gives_back_every_bit(
            values in prop_oneof![
                prop::collection::vec(any::<f64>(), 0..50),
                prop::collection::vec(any::<f32>().prop_map(f64::from), 0..50),
                prop::collection::vec(prop::sample::select(vec![0.1, -0.0, 0.0, 1e300]), 0..50),
            ]
        ) {
            let column = Column::of(values.clone());
            for (index, value) in values.iter().enumerate() {
                prop_assert_eq!(column.get(index).to_bits(), value.to_bits());
            }
        }
    }

    #[test]
    fn a_column_takes_the_cheapest_form() {
        let distinct = |n: u32| (0..n).map(|i| f64::from(i) * 0.1).collect::<Vec<_>>();
        assert!(matches!(Column::of(vec![0.1; 9]), Column::Shared(0.1)));
        assert!(matches!(Column::of(distinct(10)), Column::Double(_)));
        assert!(matches!(Column::of(distinct(10).repeat(9)), Column::Coded { .. }));
        assert!(matches!(Column::of(vec![0.5, 0.25]), Column::Single(_)));
        assert!(matches!(Column::of(distinct(70_000)), Column::Double(_)));
    }
}
