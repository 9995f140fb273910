//! One picture: axes with units, a few series of points or steps, and a legend beside the axes, where it hides nothing.

use plotters::coord::Shift;
use plotters::prelude::*;
use std::error::Error;
use std::ops::Range;

type Drawn<T> = Result<T, Box<dyn Error>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

const SIZE: (u32, u32) = (960, 540);
const LEGEND_WIDTH: i32 = 210;
const LEGEND_ROW: i32 = 20;
const LOWEST_LEGEND_ROW: i32 = 480;
const INK: RGBColor = RGBColor(40, 40, 40);
const GRID: RGBColor = RGBColor(228, 228, 228);

/// Told apart also with colour-blind eyes: Okabe and Ito, "Color Universal Design" (2008), without its yellow.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(0, 0, 0),
];

/// What is drawn. Labels carry their unit.
pub struct Chart {
    pub title: String,
    pub x_label: &'static str,
    pub y_label: &'static str,
    pub x: Range<f64>,
    pub y: Range<f64>,
    pub marks: Marks,
    pub series: Vec<Series>,
}

/// How the values of all series are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    Dots,
    Steps,
}

/// One population.
pub struct Series {
    /// May have several lines.
    pub label: String,
    /// Dots: where each is. Steps: left end and height of each, and the right end of the last with its height again.
    pub values: Vec<(f64, f64)>,
}

/// The picture as SVG.
///
/// # Errors
/// If the drawing library refuses.
pub fn svg(chart: &Chart) -> Drawn<String> {
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
        root.fill(&WHITE)?;
        let (axes, legend) = root.split_horizontally(SIZE.0 as i32 - LEGEND_WIDTH);
        draw_axes(chart, &axes)?;
        draw_legend(chart, &legend)?;
        root.present()?;
    }
    Ok(text)
}

fn draw_axes(chart: &Chart, area: &Area) -> Drawn<()> {
    let mut axes = ChartBuilder::on(area)
        .caption(&chart.title, ("sans-serif", 20).into_font().color(&INK))
        .margin(14)
        .x_label_area_size(52)
        .y_label_area_size(76)
        .build_cartesian_2d(chart.x.clone(), chart.y.clone())?;
    let label = |size: u32| ("sans-serif", size).into_font().color(&INK);
    axes.configure_mesh()
        .x_desc(chart.x_label)
        .y_desc(chart.y_label)
        .x_labels(8)
        .y_labels(7)
        .x_label_formatter(&|value| tick(*value, &chart.x))
        .y_label_formatter(&|value| tick(*value, &chart.y))
        .label_style(label(15))
        .axis_desc_style(label(18))
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .axis_style(INK)
        .draw()?;
    for (series, colour) in chart.series.iter().zip(COLOURS.iter().cycle()) {
        match chart.marks {
            Marks::Dots => {
                axes.draw_series(series.values.iter().map(|&at| Circle::new(at, 1, colour.filled())))?;
            }
            Marks::Steps => {
                axes.draw_series(LineSeries::new(outline(&series.values), colour.stroke_width(2)))?;
            }
        }
    }
    Ok(())
}

fn draw_legend(chart: &Chart, area: &Area) -> Drawn<()> {
    let style = ("sans-serif", 15).into_font().color(&INK);
    let mut top = 46;
    for (k, (series, colour)) in chart.series.iter().zip(COLOURS.iter().cycle()).enumerate() {
        if top > LOWEST_LEGEND_ROW {
            area.draw(&Text::new(format!("and {} more", chart.series.len() - k), (22, top), style))?;
            break;
        }
        area.draw(&Rectangle::new([(4, top), (16, top + 12)], colour.filled()))?;
        for line in series.label.lines() {
            area.draw(&Text::new(shortened(line), (22, top), style.clone()))?;
            top += LEGEND_ROW;
        }
    }
    Ok(())
}

/// What fits beside the axes.
fn shortened(label: &str) -> String {
    const MOST: usize = 25;
    if label.chars().count() <= MOST {
        return label.to_owned();
    }
    label.chars().take(MOST - 1).chain(['…']).collect()
}

/// The corners of steps.
fn outline(steps: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut corners: Vec<(f64, f64)> = Vec::with_capacity(2 * steps.len());
    for &(x, y) in steps {
        if let Some(&(_, height)) = corners.last() {
            corners.push((x, height));
        }
        corners.push((x, y));
    }
    corners
}

/// As many digits as the span of the axis needs.
fn tick(value: f64, axis: &Range<f64>) -> String {
    let step = (axis.end - axis.start) / 8.0;
    let digits = (-step.log10().floor()).clamp(0.0, 9.0) as usize;
    format!("{value:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_have_as_many_digits_as_they_need() {
        assert_eq!(tick(200.0, &(0.0..1000.0)), "200");
        assert_eq!(tick(0.05, &(0.0..0.4)), "0.05");
        assert_eq!(tick(1e-4, &(0.0..1e-3)), "0.0001");
    }

    #[test]
    fn steps_change_height_at_their_ends() {
        let corners = outline(&[(1.0, 3.0), (2.0, 5.0), (4.0, 5.0)]);
        assert_eq!(corners, [(1.0, 3.0), (2.0, 3.0), (2.0, 5.0), (4.0, 5.0), (4.0, 5.0)]);
    }

    #[test]
    fn every_series_is_named_or_counted() {
        let series = |k| Series { label: format!("population {k}"), values: vec![(0.0, 0.0)] };
        let chart = Chart {
            title: "<title> & more".into(),
            x_label: "time (ms)",
            y_label: "rate (Hz)",
            x: 0.0..1.0,
            y: 0.0..1.0,
            marks: Marks::Dots,
            series: (0..30).map(series).collect(),
        };
        let text = svg(&chart).unwrap();
        for needed in ["time (ms)", "rate (Hz)", "population 21", "and 8 more", "&lt;title&gt; &amp; more"] {
            assert!(text.contains(needed), "{needed}");
        }
        assert!(!text.contains("population 22"));
    }
}
