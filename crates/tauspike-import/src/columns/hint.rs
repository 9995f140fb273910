//! What the writer of a wrong CSV or text file most likely meant: another separator, or decimal commas. Nothing is repaired.

/// What separates columns in other dialects, and how to call it.
const SEPARATORS: [(u8, &str); 3] = [(b';', "`;`"), (b'\t', "a tab"), (b'|', "`|`")];

const TOO_MANY_DIGITS: &str = "; a whole number of 2^53 and more has to be one that f64 holds exactly";

/// The advice for a header line of one name: what else seems to separate its columns.
pub(crate) fn for_header(name: &str) -> Option<String> {
    let blank = name.contains(' ').then_some("a blank");
    let separator = other_separator(name.as_bytes()).or(blank)?;
    Some(format!("{separator} seems to separate its columns; allowed: a comma between columns, and decimal points"))
}

/// The advice for a cell, or the rest of a line, that is no number; begins with "; " or is empty.
pub(crate) fn for_cell(cell: &[u8]) -> String {
    match other_separator(cell) {
        Some(separator) => format!("; {separator} seems to separate columns, which takes a comma"),
        None if has_too_many_digits(cell) => TOO_MANY_DIGITS.into(),
        None if is_decimal_comma(cell) => "; the decimal sign is a point, not a comma".into(),
        None => String::new(),
    }
}

/// The advice for a word of a text file that is no number; begins with "; " or is empty.
pub(crate) fn for_word(word: &[u8]) -> String {
    match (word.contains(&b','), other_separator(word)) {
        (_, Some(separator)) => format!("; {separator} seems to separate columns, which takes white space"),
        (true, None) => "; white space separates columns here, and the decimal sign is a point".into(),
        (false, None) if has_too_many_digits(word) => TOO_MANY_DIGITS.into(),
        (false, None) => String::new(),
    }
}

/// The advice for a line with more cells than the header has names: are they halves of numbers?
pub(crate) fn for_cells<'a>(mut cells: impl Iterator<Item = &'a [u8]>) -> &'static str {
    let is_number = |cell: &[u8]| cell.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-');
    if cells.all(is_number) { "; if its numbers have decimal commas, write points" } else { "" }
}

fn other_separator(text: &[u8]) -> Option<&'static str> {
    SEPARATORS.iter().find(|(separator, _)| text.contains(separator)).map(|(_, name)| *name)
}

/// A finite number that is refused all the same.
fn has_too_many_digits(cell: &[u8]) -> bool {
    let value = std::str::from_utf8(cell).ok().and_then(|text| text.parse::<f64>().ok());
    value.is_some_and(|value| value.is_finite() && value >= 9007199254740992.0)
}

/// `0,5`: in quotes, so that it is one cell.
fn is_decimal_comma(cell: &[u8]) -> bool {
    let text = std::str::from_utf8(cell).unwrap_or_default();
    text.matches(',').count() == 1 && text.replace(',', ".").parse::<f64>().is_ok()
}
