//! The structure tree of a tagged file ([ISO 32000-2](https://pdfa.org/resource/iso-32000-2/), 14.7):
//! which block each marked part of a page's contents belongs to.

mod role;

use std::collections::{HashMap, HashSet};

use lopdf::{Dictionary, Object, ObjectId};

use self::role::Role;
use super::file::PdfFile;
use super::limits::{MAX_ELEMENTS, MAX_TREE_DEPTH};
use crate::document::block::BlockKind;

/// The maximum number of roles that are mapped to each other.
const MAX_ROLES: usize = 8;

/// What a structure tree says about a glyph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Tag {
    #[default]
    Untagged,
    /// Marked as no part of the text: a running head, a page number, a line of a table.
    Artifact,
    /// Text of a block of the tree.
    Block(u32),
}

/// A block of a structure tree; its index is its place in the order of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TreeBlock {
    pub(super) kind: BlockKind,
    /// Whether its text is outside paragraphs, so that it may be more than one.
    pub(super) is_loose: bool,
    /// Whether it is in a cell of the head of a table.
    pub(super) is_head: bool,
}

/// A structure tree.
#[derive(Debug, Default)]
pub(super) struct StructureTree {
    pub(super) blocks: Vec<TreeBlock>,
    /// The block of each marked part by the page or form that it is in and its id there.
    contents: HashMap<(ObjectId, i64), Tag>,
    /// Whether it has too many elements or too deep ones, or is said to be doubtful by the file.
    pub(super) is_refused: bool,
}

impl StructureTree {
    /// Reads the tree of a file; `None` if it has none.
    pub(super) fn read(file: &PdfFile) -> Option<Self> {
        let catalog = file.catalog()?;
        let root = file.dict(catalog, b"StructTreeRoot")?;
        let is_true = |dict: &Dictionary, key: &[u8]| {
            matches!(file.get(dict, key), Some(Object::Boolean(true)))
        };
        let info = file.dict(catalog, b"MarkInfo");
        let mut walk = Walk {
            file,
            roles: file.dict(root, b"RoleMap"),
            tree: Self::default(),
            seen: HashSet::new(),
            remaining: MAX_ELEMENTS,
            block: None,
            labelled: None,
        };
        walk.tree.is_refused = info.is_some_and(|info| is_true(info, b"Suspects"));
        walk.kids(root, Context::default());
        let tree = walk.tree;
        (!tree.contents.is_empty() || tree.is_refused).then_some(tree)
    }

    /// Returns the tag of a marked part of the contents of a page or a form.
    pub(super) fn tag(&self, contents: ObjectId, id: i64) -> Option<Tag> {
        self.contents.get(&(contents, id)).copied()
    }

    pub(super) fn block(&self, index: u32) -> Option<TreeBlock> {
        self.blocks.get(index as usize).copied()
    }

    /// Returns whether a block is one paragraph.
    pub(super) fn is_strict(&self, index: u32) -> bool {
        self.block(index).is_some_and(|block| !block.is_loose)
    }

    /// Returns whether some block has a kind of those.
    pub(super) fn has(&self, is_kind: impl Fn(BlockKind) -> bool) -> bool {
        self.blocks.iter().any(|block| is_kind(block.kind))
    }
}

/// What an element has from those above it.
#[derive(Clone, Copy)]
struct Context {
    page: Option<ObjectId>,
    /// The kind of paragraphs.
    kind: BlockKind,
    /// Whether text belongs to a paragraph, or to an element that is one.
    is_inside: bool,
    is_paragraph: bool,
    is_label: bool,
    is_artifact: bool,
    is_head: bool,
    /// The number of sections.
    sections: u8,
    depth: usize,
}

impl Default for Context {
    fn default() -> Self {
        Self {
            page: None,
            kind: BlockKind::Paragraph,
            is_inside: false,
            is_paragraph: false,
            is_label: false,
            is_artifact: false,
            is_head: false,
            sections: 0,
            depth: 0,
        }
    }
}

struct Walk<'a> {
    file: &'a PdfFile,
    roles: Option<&'a Dictionary>,
    tree: StructureTree,
    /// The elements that were visited: a tree in a file may have a loop.
    seen: HashSet<ObjectId>,
    remaining: usize,
    /// The block that text belongs to.
    block: Option<u32>,
    /// The block of a label, to which the first paragraph after it belongs.
    labelled: Option<u32>,
}

impl<'a> Walk<'a> {
    fn kids(&mut self, element: &'a Dictionary, context: Context) {
        let kids = match self.file.get(element, b"K") {
            Some(Object::Array(kids)) => kids.as_slice(),
            Some(_) => element.get(b"K").map(std::slice::from_ref).unwrap_or_default(),
            None => return,
        };
        for kid in kids {
            if self.remaining == 0 || context.depth >= MAX_TREE_DEPTH {
                self.tree.is_refused = true;
                return;
            }
            self.remaining -= 1;
            self.kid(kid, context);
        }
    }

    fn kid(&mut self, kid: &'a Object, mut context: Context) {
        match self.file.resolve(kid) {
            Some(Object::Integer(id)) => self.content(context.page, *id, context),
            Some(Object::Dictionary(dict)) => match self.file.name(dict, b"Type") {
                Some(b"OBJR") => {}
                Some(b"MCR") => {
                    let page = reference(dict, b"Pg").or(context.page);
                    let owner = reference(dict, b"Stm").or(page);
                    if let Some(Object::Integer(id)) = self.file.get(dict, b"MCID") {
                        self.content(owner, *id, context);
                    }
                }
                _ => {
                    if kid.as_reference().is_ok_and(|id| !self.seen.insert(id)) {
                        return;
                    }
                    context.page = reference(dict, b"Pg").or(context.page);
                    context.depth += 1;
                    self.element(dict, context);
                }
            },
            _ => {}
        }
    }

    fn element(&mut self, element: &'a Dictionary, mut context: Context) {
        let mut role = self.role(element);
        if role == Role::HeadCell {
            context.is_head = true;
            role = Role::Container(BlockKind::TableCell);
        }
        let (block, labelled) = (self.block, self.labelled);
        match role {
            Role::Inline | Role::HeadCell => self.kids(element, context),
            Role::Artifact => {
                context.is_artifact = true;
                self.kids(element, context);
            }
            Role::Label => {
                context.is_label = true;
                self.kids(element, context);
            }
            // A formula or a picture in a line of text.
            Role::Group | Role::Section if context.is_paragraph => self.kids(element, context),
            Role::Group | Role::Section => {
                context.sections = context.sections.saturating_add(u8::from(role == Role::Section));
                context.is_inside = false;
                self.block = None;
                self.kids(element, context);
                (self.block, self.labelled) = (None, None);
            }
            Role::Container(kind) => {
                context.kind = kind;
                context.is_inside = true;
                (self.block, self.labelled) = (None, None);
                self.kids(element, Context { is_paragraph: false, ..context });
                // A note in the middle of a paragraph does not end it.
                self.block = block.filter(|_| context.is_paragraph);
                self.labelled = labelled;
            }
            Role::Paragraph | Role::Heading(_) | Role::SectionHeading => {
                let kind = match role {
                    Role::Heading(level) => BlockKind::Heading(level),
                    Role::SectionHeading => BlockKind::Heading(context.sections.clamp(1, 9)),
                    _ => context.kind,
                };
                let outer = block.filter(|_| context.is_paragraph);
                (context.is_inside, context.is_paragraph) = (true, true);
                self.block = match self.labelled.take() {
                    Some(label) => Some(label),
                    None => Some(self.begin(TreeBlock {
                        kind,
                        is_loose: false,
                        is_head: context.is_head,
                    })),
                };
                self.kids(element, context);
                self.block = outer;
            }
        }
    }

    fn begin(&mut self, block: TreeBlock) -> u32 {
        self.tree.blocks.push(block);
        (self.tree.blocks.len() - 1) as u32
    }

    /// Adds a marked part of the contents of a page or a form.
    fn content(&mut self, owner: Option<ObjectId>, id: i64, context: Context) {
        let Some(owner) = owner else { return };
        let tag = if context.is_artifact {
            Tag::Artifact
        } else {
            let is_loose = !context.is_inside && context.kind == BlockKind::Paragraph;
            let is_head = context.is_head;
            let new = TreeBlock { kind: context.kind, is_loose, is_head };
            let block = self.block.unwrap_or_else(|| self.begin(new));
            self.block = Some(block);
            let is_item = context.is_label && !context.is_paragraph && context.is_inside;
            self.labelled = is_item.then_some(block);
            Tag::Block(block)
        };
        self.tree.contents.entry((owner, id)).or_insert(tag);
    }

    /// Returns the role of an element; one that is not known has no meaning.
    fn role(&self, element: &'a Dictionary) -> Role {
        let mut name = self.file.name(element, b"S").unwrap_or_default();
        for _ in 0..MAX_ROLES {
            if let Some(role) = Role::of(name) {
                return role;
            }
            match self.roles.and_then(|roles| self.file.name(roles, name)) {
                Some(next) => name = next,
                None => break,
            }
        }
        Role::Inline
    }
}

fn reference(dict: &Dictionary, key: &[u8]) -> Option<ObjectId> {
    dict.get(key).ok()?.as_reference().ok()
}
