//! A number for each pair of categories, as colour. Where numbers have both signs, warm is above 0, cold below and paper 0; where they
//! have one, the darker the larger. A field of which nothing is known is grey, with a dash.

use super::{HEIGHT, NOTHING, UNKNOWN, WIDTH, escaped, heading, text, told, upright};
use std::fmt::Write;

const LEFT: f64 = 74.0;
const RIGHT: f64 = WIDTH - 76.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = HEIGHT - 52.0;
/// Narrower cells have no number in them.
const ROOM_FOR_NUMBER: f64 = 34.0;
/// Nor have narrower ones a third decimal.
const ROOM_FOR_THREE: f64 = 39.0;
/// Where all values lie closer together than this, two decimals do not tell them apart.
const CLOSE: f64 = 0.25;

/// A panel.
pub struct Map {
    /// What sets it apart from the other panels.
    pub title: String,
    /// What columns are, with the unit.
    pub x_label: String,
    /// What rows are, with the unit.
    pub y_label: String,
    /// What the colour is.
    pub value_label: String,
    /// From left to right.
    pub columns: Vec<String>,
    /// From bottom to top.
    pub rows: Vec<String>,
    /// Values by row, then column; NaN where nothing is known.
    pub values: Vec<Vec<f64>>,
    /// Smallest and largest value of the colours: panels of one kind share them.
    pub range: [f64; 2],
}

/// The smallest and the largest of known values of maps; symmetric about 0 if they have both signs.
pub fn range<'a>(values: impl IntoIterator<Item = &'a f64>) -> [f64; 2] {
    let known = values.into_iter().copied().filter(|value| value.is_finite());
    let (low, high) = known.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), value| (a.min(value), b.max(value)));
    match (low, high) {
        _ if low > high => [0.0, 1.0],
        _ if low < 0.0 => [-low.abs().max(high.abs()), low.abs().max(high.abs())],
        _ if low == high => [low, low + 1e-12],
        _ => [low, high],
    }
}

impl Map {
    pub(super) fn draw(&self, out: &mut String) {
        heading(out, &self.title);
        let width = (RIGHT - LEFT) / self.columns.len() as f64;
        let height = (BOTTOM - TOP) / self.rows.len() as f64;
        for (row, values) in self.values.iter().enumerate() {
            let y = BOTTOM - height * (row + 1) as f64;
            for (column, &value) in values.iter().enumerate() {
                self.cell(out, (row, column), value, [LEFT + width * column as f64, y, width, height]);
            }
            text(out, LEFT - 6.0, y + height / 2.0 + 4.0, "end", &self.rows[row]);
        }
        let longest = self.columns.iter().map(String::len).max().unwrap_or(0) as f64;
        let every = ((7.0 * longest + 4.0) / width).ceil() as usize;
        for (column, label) in self.columns.iter().enumerate().step_by(every.max(1)) {
            text(out, LEFT + width * (column as f64 + 0.5), BOTTOM + 17.0, "middle", label);
        }
        let _ = write!(
            out,
            r#"<rect x="{LEFT}" y="{TOP}" width="{}" height="{}" fill="none" stroke="var(--ink)"/>"#,
            RIGHT - LEFT,
            BOTTOM - TOP
        );
        text(out, (LEFT + RIGHT) / 2.0, BOTTOM + 38.0, "middle", &self.x_label);
        upright(out, (TOP + BOTTOM) / 2.0, &self.y_label);
        self.scale(out);
    }

    fn cell(&self, out: &mut String, (row, column): (usize, usize), value: f64, [x, y, w, h]: [f64; 4]) {
        let hover = format!(
            "{} {}, {} {}: {} {}",
            self.y_label,
            self.rows[row],
            self.x_label,
            self.columns[column],
            self.value_label,
            told(value)
        );
        let _ = write!(out, "<g><title>{}</title>", escaped(&hover));
        let _ = write!(
            out,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{w:.1}" height="{h:.1}" stroke="var(--grid)" {}/>"#,
            shade(value, self.range)
        );
        if w >= ROOM_FOR_NUMBER && h >= 16.0 && value.is_finite() {
            let digits = if self.range[1] - self.range[0] < CLOSE && w >= ROOM_FOR_THREE { 3 } else { 2 };
            let ten = 10f64.powi(digits);
            // + 0.0: no "-0.00"
            let shown = (value * ten).round() / ten + 0.0;
            text(out, x + w / 2.0, y + h / 2.0 + 4.0, "middle", &format!("{shown:.0$}", digits as usize));
        }
        if !value.is_finite() {
            text(out, x + w / 2.0, y + h / 2.0 + 4.0, "middle", NOTHING);
        }
        out.push_str("</g>");
    }

    fn scale(&self, out: &mut String) {
        const STEPS: usize = 16;
        let [low, high] = self.range;
        let height = (BOTTOM - TOP) / STEPS as f64;
        let x = RIGHT + 14.0;
        for step in 0..STEPS {
            let value = high - (high - low) * (step as f64 + 0.5) / STEPS as f64;
            let y = TOP + height * step as f64;
            let _ = write!(
                out,
                r#"<rect x="{x:.1}" y="{y:.1}" width="12" height="{:.1}" {}/>"#,
                height + 0.3,
                shade(value, self.range)
            );
        }
        for (value, y) in [(high, TOP), ((low + high) / 2.0, (TOP + BOTTOM) / 2.0), (low, BOTTOM)] {
            text(out, x + 16.0, y + 4.0, "start", &told(value));
        }
        text(out, RIGHT + 34.0, TOP - 12.0, "middle", &self.value_label);
    }
}

/// Opacity over the paper, so that it suits light and dark.
fn shade(value: f64, [low, high]: [f64; 2]) -> String {
    if !value.is_finite() {
        return UNKNOWN.into();
    }
    let (colour, share) = match low < 0.0 {
        true if value < 0.0 => ("--minus", value / low),
        true => ("--plus", value / high),
        false => ("--minus", (value - low) / (high - low)),
    };
    format!(r#"fill="var({colour})" fill-opacity="{:.3}""#, 0.85 * share.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_signs_share_one_scale_and_one_sign_uses_all_of_it() {
        assert_eq!(range(&[0.1, -0.4, f64::NAN]), [-0.4, 0.4]);
        assert_eq!(range(&[0.1, 0.4]), [0.1, 0.4]);
        assert_eq!(range(&[f64::NAN]), [0.0, 1.0]);
        assert!(shade(0.4, [-0.4, 0.4]).contains("--plus") && shade(-0.4, [-0.4, 0.4]).contains("--minus"));
        assert!(shade(0.1, [0.1, 0.4]).contains("0.000") && shade(0.4, [0.1, 0.4]).contains("0.850"));
    }
}
