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
//! A comparison with a missing value is neither true nor false, and so is its negation
//! (three-valued logic, as in SQL). Only the comparison with an empty text is: `column == ''` is true
//! if the value is missing, and `column != ''` if it is not.

use std::collections::BTreeSet;

use super::FilterValue;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    /// Two or more terms. A list and not a tree, whose depth would grow with the number of terms.
    Or(Vec<Self>),
    /// Two or more terms.
    And(Vec<Self>),
    Not(Box<Self>),
    Compare(Operand, ComparisonOperator, Operand),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand {
    Column(String),
    Number(f64),
    Text(String),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum ComparisonOperator {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    Unequal,
    Contains,
}

#[derive(Clone, Debug, PartialEq)]
enum ExpressionToken {
    Name(String),
    Number(f64),
    Text(String),
    Sign(&'static str),
}

const SIGNS: [&str; 8] = ["<=", ">=", "==", "!=", "<", ">", "(", ")"];

fn tokens(text: &str) -> Result<Vec<ExpressionToken>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        let length = if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            tokens.push(ExpressionToken::Sign(sign));
            sign.len()
        } else if c == '\'' || c == '"' {
            let end = rest[1..]
                .find(c)
                .ok_or_else(|| format!("a quotation mark is not closed: {}", short(rest)))?;
            tokens.push(ExpressionToken::Text(rest[1..=end].to_owned()));
            end + 2
        } else if c.is_ascii_digit() || c == '-' || c == '.' {
            let part = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.' | 'e' | 'E' | '+');
            let end = rest.find(|c| !part(c)).unwrap_or(rest.len());
            let number = rest[..end].parse().ok().filter(|number: &f64| number.is_finite());
            let number =
                number.ok_or_else(|| format!("{} is not a number", short(&rest[..end])))?;
            tokens.push(ExpressionToken::Number(number));
            end
        } else if c.is_alphanumeric() || c == '_' {
            let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
            let end = rest.find(|c| !part(c)).unwrap_or(rest.len());
            tokens.push(ExpressionToken::Name(rest[..end].to_owned()));
            end
        } else {
            return Err(format!("unexpected character {c}"));
        };
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// Truncates a quotation in a message.
fn short(text: &str) -> String {
    const MAX_QUOTE: usize = 40;
    match text.char_indices().nth(MAX_QUOTE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The maximum depth of nested brackets and negations.
const MAX_DEPTH: usize = 50;

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<ExpressionToken>>,
    depth: usize,
}

impl Parser {
    fn takes(&mut self, token: &ExpressionToken) -> bool {
        self.tokens.next_if_eq(token).is_some()
    }

    fn word(&mut self, word: &str) -> bool {
        self.takes(&ExpressionToken::Name(word.to_owned()))
    }

    fn or(&mut self) -> Result<Expression, String> {
        self.list("or", Self::and, Expression::Or)
    }

    fn and(&mut self) -> Result<Expression, String> {
        self.list("and", Self::not, Expression::And)
    }

    /// Parses terms that a word separates; one term is not a list.
    fn list(
        &mut self,
        separator: &str,
        term: fn(&mut Self) -> Result<Expression, String>,
        join: fn(Vec<Expression>) -> Expression,
    ) -> Result<Expression, String> {
        let first = term(self)?;
        if !self.word(separator) {
            return Ok(first);
        }
        let mut terms = vec![first, term(self)?];
        while self.word(separator) {
            terms.push(term(self)?);
        }
        Ok(join(terms))
    }

    fn not(&mut self) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("brackets and negations are nested too deeply".to_owned());
        }
        let expression = if self.word("not") {
            Expression::Not(Box::new(self.not()?))
        } else if self.takes(&ExpressionToken::Sign("(")) {
            let inner = self.or()?;
            if !self.takes(&ExpressionToken::Sign(")")) {
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
            Some(ExpressionToken::Sign("<")) => ComparisonOperator::Less,
            Some(ExpressionToken::Sign("<=")) => ComparisonOperator::LessOrEqual,
            Some(ExpressionToken::Sign(">")) => ComparisonOperator::Greater,
            Some(ExpressionToken::Sign(">=")) => ComparisonOperator::GreaterOrEqual,
            Some(ExpressionToken::Sign("==")) => ComparisonOperator::Equal,
            Some(ExpressionToken::Sign("!=")) => ComparisonOperator::Unequal,
            Some(ExpressionToken::Name(word)) if word == "contains" => ComparisonOperator::Contains,
            _ => {
                return Err(
                    "expected <, <=, >, >=, ==, != or contains after a column or value".to_owned()
                );
            }
        };
        Ok(Expression::Compare(left, compare, self.operand()?))
    }

    fn operand(&mut self) -> Result<Operand, String> {
        match self.tokens.next() {
            Some(ExpressionToken::Name(name)) => Ok(Operand::Column(name)),
            Some(ExpressionToken::Number(number)) => Ok(Operand::Number(number)),
            Some(ExpressionToken::Text(text)) => Ok(Operand::Text(text)),
            _ => Err("expected a column, a number or a 'text'".to_owned()),
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
            Some(_) => Err("unexpected text after the end of the expression".to_owned()),
        }
    }

    /// Evaluates the expression; returns `None` if the result depends on a missing value.
    pub(super) fn holds(&self, value: &impl Fn(&str) -> FilterValue) -> Option<bool> {
        match self {
            Self::Or(terms) => all_or_any(terms, true, value),
            Self::And(terms) => all_or_any(terms, false, value),
            Self::Not(inner) => inner.holds(value).map(|holds| !holds),
            Self::Compare(left, compare, right) => {
                compare.apply(&left.value(value), &right.value(value))
            }
        }
    }

    /// Inserts the columns that the expression needs.
    pub(super) fn columns<'e>(&'e self, columns: &mut BTreeSet<&'e str>) {
        match self {
            Self::Or(terms) | Self::And(terms) => {
                terms.iter().for_each(|term| term.columns(columns));
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

/// Returns `decisive` if any term has that value, otherwise its opposite if no term is unknown.
fn all_or_any(
    terms: &[Expression],
    decisive: bool,
    value: &impl Fn(&str) -> FilterValue,
) -> Option<bool> {
    let mut result = Some(!decisive);
    for term in terms {
        match term.holds(value) {
            Some(holds) if holds == decisive => return Some(decisive),
            Some(_) => {}
            None => result = None,
        }
    }
    result
}

impl Operand {
    fn value(&self, value: &impl Fn(&str) -> FilterValue) -> FilterValue {
        match self {
            Self::Column(name) => value(name),
            Self::Number(number) => FilterValue::Number(*number),
            Self::Text(text) => FilterValue::Text(text.clone()),
        }
    }
}

impl ComparisonOperator {
    /// Compares two values: as numbers if both are, otherwise as text.
    fn apply(self, left: &FilterValue, right: &FilterValue) -> Option<bool> {
        let order = match (left, right) {
            (FilterValue::Missing, FilterValue::Text(text))
            | (FilterValue::Text(text), FilterValue::Missing)
                if text.is_empty() && matches!(self, Self::Equal | Self::Unequal) =>
            {
                return Some(self == Self::Equal);
            }
            (FilterValue::Missing, _) | (_, FilterValue::Missing) => return None,
            (FilterValue::Number(a), FilterValue::Number(b)) if self != Self::Contains => {
                a.partial_cmp(b)?
            }
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

impl FilterValue {
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
        let value = |name: &str| match name {
            "x" => FilterValue::Number(2.5),
            "kind" => FilterValue::Text("1-2".to_owned()),
            _ => FilterValue::Missing,
        };
        Expression::parse(text).expect(text).holds(&value)
    }

    #[test]
    fn expressions_are_evaluated_in_three_valued_logic() {
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
    fn an_invalid_expression_is_an_error() {
        for text in ["", "x", "x >", "x > 1 y", "(x > 1", "x = 1", "'a", "1-2-3 > x", "§"] {
            assert!(Expression::parse(text).is_err(), "{text}");
        }
        assert!(Expression::parse(&format!("{}x > 1", "not ".repeat(99))).is_err());
        for text in [format!("'{}", "x".repeat(9999)), "9".repeat(9999), "x > 1e999".to_owned()] {
            assert!(Expression::parse(&text).expect_err(&text).len() < 100);
        }
    }

    #[test]
    fn any_number_of_terms_is_evaluated() {
        for (word, last, expected) in [("or", "x > 1", true), ("and", "x > 3", false)] {
            let other = if word == "or" { "x > 9" } else { "x > 0" };
            let text = format!("{}{last}", format!("{other} {word} ").repeat(80_000));
            assert_eq!(holds(&text), Some(expected));
            assert!(Expression::parse(&format!("{text} {word} x >")).is_err());
        }
    }
}
