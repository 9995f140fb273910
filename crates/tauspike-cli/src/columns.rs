//! Text in columns: the first one to the left, numbers to the right.

/// Rows under a header, each column as wide as its widest cell, indented by two.
pub struct Columns {
    rows: Vec<Vec<String>>,
}

impl Columns {
    /// With these headers.
    pub fn new(headers: &[&str]) -> Self {
        Self { rows: vec![headers.iter().map(ToString::to_string).collect()] }
    }

    /// Adds a row of as many cells as there are headers.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }
}

impl std::fmt::Display for Columns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let width = |column: usize| {
            self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.rows[0].len()).map(width).collect();
        for row in &self.rows {
            let mut line = String::new();
            for (k, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let width = *width;
                line += &if k == 0 { format!("  {cell:<width$}") } else { format!("  {cell:>width$}") };
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// A count with a space between thousands: 1 234 567.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (k, digit) in digits.chars().enumerate() {
        if k > 0 && (digits.len() - k).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// Four significant digits, in powers of ten where that is shorter.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    if !(1e-3..1e6).contains(&size) {
        return format!("{value:.3e}");
    }
    let digits = (3 - size.log10().floor() as i32).max(0) as usize;
    format!("{value:.digits$}")
}

/// As [`number`], or a dash if there is none.
pub fn number_or_dash(value: Option<f64>) -> String {
    value.filter(|value| !value.is_nan()).map_or_else(|| "-".into(), number)
}

/// 512 bytes, 1.5 MiB, 3.2 GiB.
pub fn bytes(value: u64) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB"];
    let mut size = value as f64;
    let mut unit = "bytes";
    for next in units {
        if size < 1024.0 {
            break;
        }
        size /= 1024.0;
        unit = next;
    }
    if unit == "bytes" { format!("{value} bytes") } else { format!("{size:.1} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let mut table = Columns::new(&["name", "N"]);
        table.row(["excitatory".into(), "8".into()]);
        table.row(["µ".into(), "1000".into()]);
        assert_eq!(table.to_string(), "  name           N\n  excitatory     8\n  µ           1000\n");
    }

    #[test]
    fn numbers_are_short_and_keep_four_digits() {
        assert_eq!(
            [0.0, 43.21234, 1234567.0, 0.000123456, -1.5, 99999.4].map(number),
            ["0", "43.21", "1.235e6", "1.235e-4", "-1.500", "99999"]
        );
        assert_eq!(number_or_dash(Some(f64::NAN)), "-");
        assert_eq!([0, 999, 1000, 1234567].map(count), ["0", "999", "1 000", "1 234 567"]);
        assert_eq!([1023, 1536, 3 << 30].map(bytes), ["1023 bytes", "1.5 KiB", "3.0 GiB"]);
    }
}
