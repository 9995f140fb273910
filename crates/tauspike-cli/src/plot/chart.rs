//! One picture: title and legend above, a panel over the whole width, and if need be one beneath it and one beside it.

use super::axis::Axis;
use super::colours::{GRID, INK, colour};
use super::legend;
use plotters::coord::Shift;
use plotters::prelude::*;
use std::error::Error;

type Drawn<T> = Result<T, Box<dyn Error>>;
pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

pub const WIDTH: i32 = 960;
const HEIGHT: i32 = 540;
/// With a panel beneath.
const TALL: i32 = 660;
const BENEATH: i32 = 180;
const BESIDE: i32 = 170;
/// Right of the last label, and above the first.
const MARGIN: i32 = 22;
/// Left of the label of y, whose letters would be cut otherwise.
const LEFT: i32 = 8;
const Y_LABELS: i32 = 78;
const X_LABELS: i32 = 50;

/// What is drawn. Labels carry their unit. Every panel has one series for each name of the legend.
pub struct Chart {
    pub title: String,
    /// Of the series.
    pub names: Vec<String>,
    pub x: Axis,
    pub main: Panel,
    /// Over the same x.
    pub beneath: Option<Panel>,
    /// Over the same y.
    pub beside: Option<Beside>,
}

/// What is drawn over the x of the picture.
pub struct Panel {
    pub y: Axis,
    pub marks: Marks,
    pub series: Vec<Vec<(f64, f64)>>,
}

/// Bars from 0 to a value, one for each row of the main panel.
pub struct Beside {
    pub x: Axis,
    /// (value, row), by ascending row.
    pub series: Vec<Vec<(f64, f64)>>,
}

/// How the values of all series are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marks {
    /// Where each is.
    Dots,
    /// Left end and height of each, and the right end of the last with its height again.
    Steps,
}

/// The picture as SVG.
///
/// # Errors
/// If the drawing library refuses.
pub fn svg(chart: &Chart) -> Drawn<String> {
    let height = if chart.beneath.is_some() { TALL } else { HEIGHT };
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, (WIDTH as u32, height as u32)).into_drawing_area();
        root.fill(&WHITE)?;
        let title = ("sans-serif", 20).into_font().color(&INK);
        root.draw(&Text::new(legend::shortened(&chart.title, 92), (16, 12), title))?;
        let top = legend::draw(&chart.names, chart.main.marks, &root)?;
        let right = WIDTH - if chart.beside.is_some() { BESIDE } else { 0 };
        // The lowest end of the axes, above their labels.
        let floor = if chart.beneath.is_some() { height - BENEATH } else { height - X_LABELS };
        match &chart.beneath {
            None => panel(&chart.main, &chart.x, &part(&root, (0, top), (right, height)))?,
            Some(beneath) => {
                panel_without_x_labels(&chart.main, &chart.x, &part(&root, (0, top), (right, floor)))?;
                panel(beneath, &chart.x, &part(&root, (0, floor + MARGIN), (right, height)))?;
            }
        }
        if let Some(beside) = &chart.beside {
            bars(beside, &chart.main.y, &part(&root, (right, top), (WIDTH, floor + X_LABELS)))?;
        }
        root.present()?;
    }
    Ok(text)
}

fn part<'a>(root: &Area<'a>, from: (i32, i32), to: (i32, i32)) -> Area<'a> {
    root.clone().shrink(from, (to.0 - from.0, to.1 - from.1))
}

fn panel(panel: &Panel, x: &Axis, area: &Area) -> Drawn<()> {
    axes(panel, x, area, X_LABELS)
}

fn panel_without_x_labels(panel: &Panel, x: &Axis, area: &Area) -> Drawn<()> {
    axes(panel, x, area, 0)
}

fn axes(panel: &Panel, x: &Axis, area: &Area, x_labels: i32) -> Drawn<()> {
    let y = &panel.y;
    let mut axes = ChartBuilder::on(area)
        .margin_left(LEFT)
        .margin_right(MARGIN)
        .x_label_area_size(x_labels)
        .y_label_area_size(Y_LABELS)
        .build_cartesian_2d(x.scale(9), y.scale(if x_labels == 0 { 8 } else { 6 }))?;
    let label = |size: u32| ("sans-serif", size).into_font().color(&INK);
    axes.configure_mesh()
        .x_desc(if x_labels == 0 { "" } else { x.label.as_str() })
        .y_desc(y.label.as_str())
        .label_style(label(15))
        .axis_desc_style(label(17))
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .axis_style(INK)
        .draw()?;
    let radius = match panel.series.iter().map(Vec::len).sum::<usize>() {
        0..500 => 3,
        500..4000 => 2,
        _ => 1,
    };
    for (k, series) in panel.series.iter().enumerate() {
        let style = colour(k);
        match panel.marks {
            Marks::Dots => {
                axes.draw_series(series.iter().map(|&at| Circle::new(at, radius, style.filled())))?;
            }
            Marks::Steps if legend::is_dashed(k) => {
                axes.draw_series(DashedLineSeries::new(outline(series), 6, 4, style.stroke_width(2)))?;
            }
            Marks::Steps => {
                axes.draw_series(LineSeries::new(outline(series), style.stroke_width(2)))?;
            }
        }
    }
    Ok(())
}

fn bars(beside: &Beside, y: &Axis, area: &Area) -> Drawn<()> {
    let x = &beside.x;
    let mut axes = ChartBuilder::on(area)
        .margin_right(MARGIN)
        .x_label_area_size(X_LABELS)
        .build_cartesian_2d(x.scale(3), y.scale(8))?;
    let label = |size: u32| ("sans-serif", size).into_font().color(&INK);
    axes.configure_mesh()
        .x_desc(x.label.as_str())
        .label_style(label(15))
        .axis_desc_style(label(17))
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .axis_style(INK)
        .draw()?;
    for (k, rows) in beside.series.iter().enumerate() {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { continue };
        // Each row is one high; a row between two that are drawn has the value of the one below it.
        let lower = |row: &(f64, f64)| row.1 - 0.5;
        let mut edge: Vec<(f64, f64)> = vec![(0.0, lower(first))];
        for (row, next) in rows.iter().zip(rows.iter().skip(1).map(Some).chain([None])) {
            edge.push((row.0, lower(row)));
            edge.push((row.0, next.map_or(last.1 + 0.5, lower)));
        }
        edge.push((0.0, last.1 + 0.5));
        axes.draw_series([Polygon::new(edge, colour(k).filled())])?;
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_change_height_at_their_ends() {
        let corners = outline(&[(1.0, 3.0), (2.0, 5.0), (4.0, 5.0)]);
        assert_eq!(corners, [(1.0, 3.0), (2.0, 3.0), (2.0, 5.0), (4.0, 5.0), (4.0, 5.0)]);
    }

    fn chart(series: usize, beneath: bool) -> Chart {
        let panel = || Panel {
            y: Axis::new("rate (Hz)", 0.0..1.0),
            marks: Marks::Steps,
            series: vec![vec![(0.0, 0.5), (1.0, 0.5)]; series],
        };
        Chart {
            title: "<title> & more".into(),
            names: (0..series).map(|k| format!("population {k}")).collect(),
            x: Axis::new("time (ms)", 0.0..1.0),
            main: panel(),
            beneath: beneath.then(panel),
            beside: None,
        }
    }

    #[test]
    fn every_series_is_named_or_counted() {
        let text = svg(&chart(90, true)).unwrap();
        assert!(text.contains("&lt;title&gt; &amp; more"), "markup in names is escaped");
        assert!(text.contains("population 0") && text.contains("rate (Hz)"));
        let named = (0..90).filter(|k| text.contains(&format!("population {k}\n"))).count();
        assert!(named > 5 && named < 90 && text.contains(&format!("and {} more", 90 - named)), "{named}");
    }

    /// The frame of the axes in an SVG: the horizontal extent of the lines drawn as axes.
    #[test]
    fn the_axes_reach_from_one_side_to_the_other() {
        let text = svg(&chart(2, false)).unwrap();
        let xs = text.split("points=\"").skip(1).flat_map(|rest| {
            let points = rest.split('"').next().unwrap_or_default();
            points.split(' ').filter_map(|point| point.split_once(',')?.0.parse::<i32>().ok()).collect::<Vec<_>>()
        });
        let (low, high) = xs.fold((i32::MAX, 0), |(low, high), x| (low.min(x), high.max(x)));
        assert!(low <= 100 && high >= WIDTH - 30, "{low} to {high} of {WIDTH}");
    }
}
