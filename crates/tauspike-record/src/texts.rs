//! The strings of a column, in whatever way a file stores them.

use arrow_array::cast::AsArray;
use arrow_array::{Array, downcast_integer_array};
use arrow_schema::DataType;

/// The strings of a column: plain, or the keys of a dictionary of them.
pub struct Texts<'a> {
    /// The values of the dictionary, or of every row.
    pub values: Vec<Option<&'a str>>,
    /// Which of `values` each row has; none where it is null or a negative key. May be too large in a damaged file.
    pub keys: Vec<Option<usize>>,
}

impl<'a> Texts<'a> {
    /// The strings of `column`; those of a column of another type are missing.
    pub fn of(column: &'a dyn Array) -> Self {
        let Some(dictionary) = column.as_any_dictionary_opt() else {
            return Self { values: strings(column), keys: (0..column.len()).map(Some).collect() };
        };
        let keys = dictionary.keys();
        let keys = downcast_integer_array!(
            keys => keys.iter().map(|key| usize::try_from(i128::from(key?)).ok()).collect(),
            _ => vec![None; keys.len()]
        );
        Self { values: strings(dictionary.values()), keys }
    }

    /// The string of a row.
    pub fn row(&self, row: usize) -> Option<&'a str> {
        *self.values.get(self.keys[row]?)?
    }
}

fn strings(column: &dyn Array) -> Vec<Option<&str>> {
    match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().iter().collect(),
        DataType::LargeUtf8 => column.as_string::<i64>().iter().collect(),
        DataType::Utf8View => column.as_string_view().iter().collect(),
        _ => vec![None; column.len()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::types::{Int8Type, UInt64Type};
    use arrow_array::{DictionaryArray, Float64Array, LargeStringArray, StringArray, StringViewArray};

    #[test]
    fn strings_are_the_same_however_they_are_stored() {
        let names = [Some("e"), None, Some("i"), Some("e")];
        let columns: [&dyn Array; 5] = [
            &StringArray::from(names.to_vec()),
            &LargeStringArray::from(names.to_vec()),
            &StringViewArray::from(names.to_vec()),
            &names.into_iter().collect::<DictionaryArray<Int8Type>>(),
            &names.into_iter().collect::<DictionaryArray<UInt64Type>>(),
        ];
        for column in columns {
            let texts = Texts::of(column);
            let found: Vec<_> = (0..4).map(|row| texts.row(row)).collect();
            assert_eq!(found, names, "{}", column.data_type());
        }
        assert_eq!(Texts::of(&Float64Array::from(vec![1.0])).row(0), None);
    }

    #[test]
    fn a_dictionary_is_not_unfolded() {
        let column: DictionaryArray<Int8Type> = std::iter::repeat_n("e", 100).collect();
        let texts = Texts::of(&column);
        assert_eq!((texts.values.len(), texts.keys.len()), (1, 100));
    }
}
