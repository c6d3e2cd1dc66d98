//! Ladders, and how far they agree.

use nasaq::{Agreement, Rung};
use nasaq_formats::{read_ladder as read, write_rung};
use nasaq_job::Failure;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;

use crate::bead::shortest;
use crate::threads;

type RungTuple = (Vec<u32>, Vec<u32>, Option<f64>);

/// The counts of precision and of recall: right and total.
type AgreementTuple = ((u64, u64), (u64, u64));

/// Strict and lax counts, those of null beads, and strict counts by kind.
type EvaluationTuple =
    (AgreementTuple, AgreementTuple, AgreementTuple, Vec<(String, AgreementTuple)>);

/// Reads a ladder. Returns the source segments, the target segments and the score of each rung.
#[pyfunction]
pub(crate) fn read_ladder(py: Python<'_>, text: PyBackedStr) -> PyResult<Vec<RungTuple>> {
    threads::run_detached(py, move || {
        let rungs = read(&text).map_err(|error| Failure::from(error).with_kind("ladder"))?;
        let tuple = |rung: Rung| (rung.src, rung.tgt, rung.score.map(shortest));
        Ok(rungs.into_iter().map(tuple).collect())
    })
}

/// Writes a ladder, one rung per line.
#[pyfunction]
pub(crate) fn write_ladder(rungs: Vec<RungTuple>) -> PyResult<String> {
    let mut out = Vec::new();
    for rung in rungs.into_iter().map(rung) {
        write_rung(&mut out, &rung)
            .map_err(|error| pyo3::exceptions::PyRuntimeError::new_err(error.to_string()))?;
    }
    Ok(String::from_utf8(out)?)
}

/// Compares a ladder with the gold ladder of the same document.
#[pyfunction]
pub(crate) fn evaluate(
    py: Python<'_>,
    gold: Vec<RungTuple>,
    test: Vec<RungTuple>,
) -> PyResult<EvaluationTuple> {
    threads::run_detached(py, move || {
        let [gold, test] =
            [gold, test].map(|rungs| rungs.into_iter().map(rung).collect::<Vec<_>>());
        let found = nasaq::evaluate(&gold, &test);
        let kinds = found.kinds.iter().map(|(kind, counts)| (kind.to_string(), tuple(*counts)));
        Ok((tuple(found.strict), tuple(found.lax), tuple(found.nulls), kinds.collect()))
    })
}

fn rung((src, tgt, score): RungTuple) -> Rung {
    #[expect(clippy::cast_possible_truncation, reason = "scores of a ladder are 32-bit floats")]
    Rung::new(src, tgt).with_score(score.map(|score| score as f32))
}

fn tuple(counts: Agreement) -> AgreementTuple {
    let Agreement { test, gold, .. } = counts;
    ((test.right, test.total), (gold.right, gold.total))
}
