//! Expressions: comparisons of columns with numbers and texts, joined by `and`, `or`, `not`.
//!
//! ```text
//! or      = and ("or" and)*
//! and     = not ("and" not)*
//! not     = "not" not | "(" or ")" | compare
//! compare = column ("<" | "<=" | ">" | ">=" | "==" | "!=" | "contains") value
//! value   = number | 'text' | "text" | column
//! ```
//!
//! A comparison of what is missing says nothing: it neither holds nor fails, nor does its negation.

use std::collections::BTreeSet;

use super::Cell;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    Or(Box<Self>, Box<Self>),
    And(Box<Self>, Box<Self>),
    Not(Box<Self>),
    Compare(Operand, Compare, Operand),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand {
    Column(String),
    Number(f64),
    Text(String),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Compare {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    Unequal,
    Contains,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    Number(f64),
    Text(String),
    Sign(&'static str),
}

const SIGNS: [&str; 8] = ["<=", ">=", "==", "!=", "<", ">", "(", ")"];

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        let length = if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            tokens.push(Token::Sign(sign));
            sign.len()
        } else if c == '\'' || c == '"' {
            let end = rest[1..].find(c).ok_or_else(|| format!("a text is not closed: {rest}"))?;
            tokens.push(Token::Text(rest[1..=end].to_owned()));
            end + 2
        } else if c.is_ascii_digit() || c == '-' || c == '.' {
            let part = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.' | 'e' | 'E' | '+');
            let end = rest.find(|c| !part(c)).unwrap_or(rest.len());
            let number =
                rest[..end].parse().map_err(|_| format!("{} is no number", &rest[..end]))?;
            tokens.push(Token::Number(number));
            end
        } else if c.is_alphanumeric() || c == '_' {
            let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
            let end = rest.find(|c| !part(c)).unwrap_or(rest.len());
            tokens.push(Token::Name(rest[..end].to_owned()));
            end
        } else {
            return Err(format!("{c} is not understood"));
        };
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// Nested brackets and negations at most.
const DEEPEST: usize = 50;

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    depth: usize,
}

impl Parser {
    fn takes(&mut self, wanted: &Token) -> bool {
        self.tokens.next_if_eq(wanted).is_some()
    }

    fn word(&mut self, word: &str) -> bool {
        self.takes(&Token::Name(word.to_owned()))
    }

    fn or(&mut self) -> Result<Expression, String> {
        let mut left = self.and()?;
        while self.word("or") {
            left = Expression::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Expression, String> {
        let mut left = self.not()?;
        while self.word("and") {
            left = Expression::And(Box::new(left), Box::new(self.not()?));
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("too many brackets in one another".to_owned());
        }
        let expression = if self.word("not") {
            Expression::Not(Box::new(self.not()?))
        } else if self.takes(&Token::Sign("(")) {
            let inner = self.or()?;
            if !self.takes(&Token::Sign(")")) {
                return Err("a bracket is not closed".to_owned());
            }
            inner
        } else {
            self.compare()?
        };
        self.depth -= 1;
        Ok(expression)
    }

    fn compare(&mut self) -> Result<Expression, String> {
        let left = self.operand()?;
        let compare = match self.tokens.next() {
            Some(Token::Sign("<")) => Compare::Less,
            Some(Token::Sign("<=")) => Compare::LessOrEqual,
            Some(Token::Sign(">")) => Compare::Greater,
            Some(Token::Sign(">=")) => Compare::GreaterOrEqual,
            Some(Token::Sign("==")) => Compare::Equal,
            Some(Token::Sign("!=")) => Compare::Unequal,
            Some(Token::Name(word)) if word == "contains" => Compare::Contains,
            _ => return Err("a column is compared by <, <=, >, >=, ==, != or contains".to_owned()),
        };
        Ok(Expression::Compare(left, compare, self.operand()?))
    }

    fn operand(&mut self) -> Result<Operand, String> {
        match self.tokens.next() {
            Some(Token::Name(name)) => Ok(Operand::Column(name)),
            Some(Token::Number(number)) => Ok(Operand::Number(number)),
            Some(Token::Text(text)) => Ok(Operand::Text(text)),
            _ => Err("a column, a number or a 'text' is missing".to_owned()),
        }
    }
}

impl Expression {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let tokens = tokens(text)?;
        let mut parser = Parser { tokens: tokens.into_iter().peekable(), depth: 0 };
        let expression = parser.or()?;
        match parser.tokens.next() {
            None => Ok(expression),
            Some(_) => Err("there is more after the end of the expression".to_owned()),
        }
    }

    /// Tells whether the expression holds; `None` where what it depends on is missing.
    pub(super) fn holds(&self, cell: &impl Fn(&str) -> Cell) -> Option<bool> {
        match self {
            Self::Or(left, right) => match (left.holds(cell), right.holds(cell)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            Self::And(left, right) => match (left.holds(cell), right.holds(cell)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Self::Not(inner) => inner.holds(cell).map(|holds| !holds),
            Self::Compare(left, compare, right) => {
                compare.apply(&left.value(cell), &right.value(cell))
            }
        }
    }

    pub(super) fn columns<'e>(&'e self, columns: &mut BTreeSet<&'e str>) {
        match self {
            Self::Or(left, right) | Self::And(left, right) => {
                left.columns(columns);
                right.columns(columns);
            }
            Self::Not(inner) => inner.columns(columns),
            Self::Compare(left, _, right) => {
                for operand in [left, right] {
                    if let Operand::Column(name) = operand {
                        columns.insert(name);
                    }
                }
            }
        }
    }
}

impl Operand {
    fn value(&self, cell: &impl Fn(&str) -> Cell) -> Cell {
        match self {
            Self::Column(name) => cell(name),
            Self::Number(number) => Cell::Number(*number),
            Self::Text(text) => Cell::Text(text.clone()),
        }
    }
}

impl Compare {
    fn apply(self, left: &Cell, right: &Cell) -> Option<bool> {
        let order = match (left, right) {
            (Cell::Missing, _) | (_, Cell::Missing) => return None,
            (Cell::Number(a), Cell::Number(b)) if self != Self::Contains => a.partial_cmp(b)?,
            _ => {
                let (a, b) = (left.text(), right.text());
                if self == Self::Contains {
                    return Some(a.contains(&b));
                }
                a.cmp(&b)
            }
        };
        Some(match self {
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
            Self::Contains => false,
        })
    }
}

impl Cell {
    fn text(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
            Self::Missing => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str) -> Option<bool> {
        let cell = |name: &str| match name {
            "x" => Cell::Number(2.5),
            "kind" => Cell::Text("1-2".to_owned()),
            _ => Cell::Missing,
        };
        Expression::parse(text).expect(text).holds(&cell)
    }

    #[test]
    fn expressions_hold_or_not() {
        for (text, expected) in [
            ("x > 2", Some(true)),
            ("x <= -1e3", Some(false)),
            ("kind == '1-2' and x != 2", Some(true)),
            ("not (x < 2 or kind contains \"-3\")", Some(true)),
            ("x > 9 or x > 8 or x > 1", Some(true)),
            ("none > 1", None),
            ("not none > 1", None),
            ("none > 1 or x > 1", Some(true)),
            ("none > 1 and x > 9", Some(false)),
        ] {
            assert_eq!(holds(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_expression_is_told() {
        for text in ["", "x", "x >", "x > 1 y", "(x > 1", "x = 1", "'a", "1-2-3 > x", "§"] {
            assert!(Expression::parse(text).is_err(), "{text}");
        }
        assert!(Expression::parse(&format!("{}x > 1", "not ".repeat(99))).is_err());
    }
}
