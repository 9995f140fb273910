//! Reads a finished study, tests eight statements on it, and writes figures and one page of HTML.
//!
//! ```text
//! study folder                     report folder
//!   results.parquet                  report.html       needs nothing else
//!   networks.parquet                 verdicts.json     statements, rules, findings
//!   taus.parquet
//!   study.json                       summary.parquet   one row per cell, with intervals
//!                                    <figure>.svg, <figure>.png
//! ```
//!
//! | module | question |
//! |---|---|
//! | [`study`] | what came out of the study? |
//! | [`profile`], [`arm`] | which networks are compared with which? |
//! | [`statistics`] | how large is a difference, how sure is it, and could it be chance? |
//! | [`cell`] | what came out of the networks that differ in their seed alone? |
//! | [`verdict`] | is a statement supported? |
//! | [`figure`], [`picture`], [`raster`] | what is drawn, and how? |
//! | [`page`] | how is it all told on one page? |
//!
//! It runs no network, and does not depend on the crate that does: the two tables, `tauspike-results`, are the contract. An experiment that is not
//! in the study leaves its statement not tested.
#![allow(clippy::disallowed_methods, reason = "reads what was computed; no spike comes of it")]

pub mod arm;
pub mod cell;
pub mod error;
pub mod figure;
mod outline;
pub mod page;
pub mod picture;
pub mod profile;
pub mod raster;
pub mod statistics;
pub mod study;
pub mod verdict;

pub use error::ReportError;
use std::fs;
use std::path::{Path, PathBuf};
pub use study::Study;
use tauspike_record::{RecordError, check_file, write_file};
pub use verdict::{Statement, Verdict};

const PAGE: &str = "report.html";
const VERDICTS: &str = "verdicts.json";
const SUMMARY: &str = "summary.parquet";

/// What was written.
#[derive(Debug)]
pub struct Report {
    /// The statements and what came out.
    pub statements: Vec<Statement>,
    /// Every file, in the order of writing: the page last, so that it is never there without the rest.
    pub files: Vec<PathBuf>,
}

/// Reads the study in `folder` and writes its report to the folder `out`, which is made if it is absent. `command` is told on
/// the page. With `force`, files of an earlier report are replaced; nothing else in `out` is touched.
///
/// # Errors
/// If a report is there and `force` is not given, or a file of such a name that belongs to no report: both are seen before anything
/// is read or written; if the study cannot be read ([`Study::read`]); if a file cannot be written.
pub fn write(folder: &Path, out: &Path, force: bool, command: &str) -> Result<Report, ReportError> {
    check_place(out, [PAGE, VERDICTS, SUMMARY].map(str::to_owned), force)?;
    let study = Study::read(folder)?;
    let statements = verdict::judge(&study);
    let cells = cell::cells(&study);
    let figures = figure::figures(&study, &cells);
    check_place(out, figures.iter().flat_map(|figure| ["svg", "png"].map(|e| format!("{}.{e}", figure.name))), force)?;
    fs::create_dir_all(out).map_err(ReportError::io(out, "create"))?;
    let mut files = Vec::new();
    let mut save = |name: &str, content: &[u8]| {
        let path = out.join(name);
        write_file(&path, content, force)?;
        files.push(path);
        Ok::<(), ReportError>(())
    };
    // First, because it tells a report that was cut short from the files of somebody else.
    let verdicts = serde_json::to_string_pretty(&statements).expect("statements have text keys");
    save(VERDICTS, format!("{verdicts}\n").as_bytes())?;
    for figure in &figures {
        let svg = picture::standalone(&figure.svg());
        let failed = |error: Box<dyn std::error::Error>| ReportError::Picture {
            name: figure.name.into(),
            reason: error.to_string(),
        };
        save(&format!("{}.png", figure.name), &raster::png(&svg).map_err(failed)?)?;
        save(&format!("{}.svg", figure.name), svg.as_bytes())?;
    }
    let summary = out.join(SUMMARY);
    cell::write(&cells, &summary)?;
    save(PAGE, page::page(&study, &statements, &figures, command).as_bytes())?;
    files.insert(files.len() - 1, summary);
    Ok(Report { statements, files })
}

/// Whether these files may be written into `out`.
fn check_place(out: &Path, names: impl IntoIterator<Item = String>, force: bool) -> Result<(), ReportError> {
    let there: Vec<PathBuf> = names.into_iter().map(|name| out.join(name)).filter(|path| path.exists()).collect();
    there.iter().try_for_each(|path| check_file(path, force))?;
    match there.first() {
        Some(path) if !is_report(out) => {
            let reason = format!("there is no {VERDICTS} of a report beside it");
            Err(RecordError::Foreign { path: path.clone(), reason }.into())
        }
        _ => Ok(()),
    }
}

/// Whether a report was written to this folder, or begun.
fn is_report(out: &Path) -> bool {
    let verdicts: Option<serde_json::Value> =
        fs::read(out.join(VERDICTS)).ok().and_then(|text| serde_json::from_slice(&text).ok());
    verdicts.is_some_and(|verdicts| verdicts.pointer("/0/findings").is_some())
}
