//! Reads a finished study, tests eight statements on it, and writes figures and one page of HTML.
//!
//! ```text
//! study folder                     report folder
//!   results.parquet                  report.html       needs nothing else
//!   networks.parquet                 verdicts.json     statements, rules, findings
//!   study.json                       summary.parquet   one row per cell, with intervals
//!                                    <figure>.svg, <figure>.png
//! ```
//!
//! | module | question |
//! |---|---|
//! | [`study`] | what came out of the study? |
//! | [`arm`] | which networks are compared with which? |
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
pub mod page;
pub mod picture;
pub mod raster;
pub mod statistics;
pub mod study;
pub mod verdict;

pub use error::ReportError;
use std::fs;
use std::path::{Path, PathBuf};
pub use study::Study;
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
/// If a report is there and `force` is not given, which is seen before anything is read; if the study cannot be read
/// ([`Study::read`]); if a file cannot be written.
pub fn write(folder: &Path, out: &Path, force: bool, command: &str) -> Result<Report, ReportError> {
    let taken = [PAGE, VERDICTS, SUMMARY].map(|name| out.join(name)).into_iter().find(|path| path.exists());
    if let Some(path) = taken.filter(|_| !force) {
        return Err(ReportError::Exists { path });
    }
    let study = Study::read(folder)?;
    let statements = verdict::judge(&study);
    let cells = cell::cells(&study);
    let figures = figure::figures(&study, &cells);
    fs::create_dir_all(out).map_err(ReportError::io(out, "create"))?;
    let mut files = Vec::new();
    let mut save = |name: &str, content: &[u8]| {
        let path = out.join(name);
        fs::write(&path, content).map_err(ReportError::io(&path, "write"))?;
        files.push(path);
        Ok::<(), ReportError>(())
    };
    for figure in &figures {
        let svg = picture::standalone(&figure.svg());
        let failed = |error: Box<dyn std::error::Error>| ReportError::Picture {
            name: figure.name.into(),
            reason: error.to_string(),
        };
        save(&format!("{}.png", figure.name), &raster::png(&svg).map_err(failed)?)?;
        save(&format!("{}.svg", figure.name), svg.as_bytes())?;
    }
    let verdicts = serde_json::to_string_pretty(&statements).expect("statements have text keys");
    save(VERDICTS, format!("{verdicts}\n").as_bytes())?;
    let page = page::page(&study, &statements, &figures, command);
    let summary = out.join(SUMMARY);
    cell::write(&cells, &summary)?;
    save(PAGE, page.as_bytes())?;
    files.insert(files.len() - 1, summary);
    Ok(Report { statements, files })
}
