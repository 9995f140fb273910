//! A column of a sweep over one or two others.

use crate::args::PlotArgs;
use crate::failure::Failure;
use tauspike_report::picture::standalone;
use tauspike_sweep::dataset::Dataset;
use tauspike_sweep::figure;
use tauspike_sweep::spec::FigureSpec;

/// # Errors
/// If the data set cannot be read, or a column is not there.
pub fn svg(args: &PlotArgs) -> Result<String, Failure> {
    let other = [
        ("--from", args.from.is_some()),
        ("--to", args.to.is_some()),
        ("--bin", args.bin.is_some()),
        ("--sort", args.sort.is_some()),
        ("--set", !args.set.is_empty()),
    ];
    if let Some((option, _)) = other.into_iter().find(|(_, given)| *given) {
        return Err(Failure::input(format!("{option}: not for plot sweep")));
    }
    let need = |option: &str, given: &Option<String>| {
        given.clone().ok_or_else(|| Failure::input(format!("plot sweep needs {option}, the name of a column")))
    };
    let (x, value) = (need("--x", &args.x)?, need("--value", &args.value)?);
    let spec = FigureSpec { name: value.clone(), title: None, x, y: args.y.clone(), value, by: args.by.clone() };
    let dataset = Dataset::read(&args.input)?;
    let svg = figure::svg(&dataset, &spec)?;
    for (axis, values) in figure::pooled(&dataset, &spec) {
        let by = if spec.y.is_none() && spec.by.is_none() {
            format!("; --by {axis} sets them apart")
        } else {
            String::new()
        };
        eprintln!("note: runs of all {values} values of `{axis}` are averaged{by}");
    }
    Ok(standalone(&svg))
}
