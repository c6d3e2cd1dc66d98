"""Makes PDF files of documents of several kinds: a book with running heads, a contract in two languages beside each
other, an invoice, and the invoice on a turned page that is cropped.

usage: kinds.py OUT

Needs the Python packages weasyprint and pikepdf, and the fonts Noto Naskh Arabic and DejaVu Sans.
"""

import pathlib
import sys

import pikepdf
import weasyprint

SENTENCES = [
    "كان الميناء القديم يستقبل السفن في كل صباح، وكانت الأصوات تملأ الرصيف حتى المساء.",
    "وقف البحار أمام المخزن ينتظر صاحبه الذي وعده بالعودة قبل الغروب.",
    "لم يكن في السوق سوى بائع واحد يبيع الحبال والمصابيح الصغيرة.",
    "قال له الشيخ إن البحر لا يعيد ما يأخذه، وإن الصبر خير رفيق للمسافر.",
    "في تلك الليلة هبت ريح قوية من الشمال فانكسرت نوافذ البيت الكبير.",
    "اجتمع الناس عند الفنار وتشاوروا في أمر السفينة التي لم تعد.",
]
CHAPTERS = ["الفصل الأول: البحر", "الفصل الثاني: الريح", "الفصل الثالث: العودة"]
CONTRACT = [
    ("المادة 1 - موضوع العقد", "Article 1 - Subject of the contract"),
    ("يلتزم الطرف الأول بتوريد خمسين قاربا خشبيا إلى الطرف الثاني خلال ستة أشهر من تاريخ توقيع هذا العقد.",
     "The First Party shall supply fifty wooden boats to the Second Party within six months of the date of signature"
     " of this contract."),
    ("المادة 2 - الثمن", "Article 2 - Price"),
    ("يدفع الطرف الثاني مبلغا إجماليا قدره 120,000 دينار على ثلاث دفعات متساوية، تستحق أولاها عند التوقيع.",
     "The Second Party shall pay a total of 120,000 dinars in three equal instalments, the first of which falls due"
     " on signature."),
    ("المادة 3 - الضمان", "Article 3 - Warranty"),
    ("يضمن الطرف الأول خلو القوارب من العيوب الخفية مدة سنتين، ويصلح على نفقته كل عيب يظهر في أثنائها.",
     "The First Party warrants that the boats are free of hidden defects for two years and shall repair at its own"
     " cost any defect that appears in that time."),
]
INVOICE = [
    ["الصنف", "الكمية", "السعر", "المجموع"],
    ["رافعة يدوية", "2", "150.00", "300.00"],
    ["حبل قطني بطول عشرين مترا", "10", "12.50", "125.00"],
    ["مصباح زيتي", "6", "8.00", "48.00"],
]


def page(body, style):
    return f"""<!doctype html><html lang="ar" dir="rtl"><meta charset="utf-8"><style>
body {{ font-family: "Noto Naskh Arabic"; font-size: 12pt; text-align: justify; line-height: 1.6 }}
@page {{ size: A5; margin: 20mm 15mm }} {style}</style>{body}</html>"""


def book():
    # No page has the text of another.
    text = lambda at: " ".join(SENTENCES[(at + k) % 6] for k in range(5))
    chapters = (f"<h1>{title}</h1>" + "".join(f"<p>{text(at)}</p>" for at in range(number, number + 6))
                for number, title in enumerate(CHAPTERS))
    return page("".join(chapters), """@page { @top-right { content: string(title) } @top-left { content: "حكاية الميناء" }
@bottom-center { content: counter(page) } } h1 { string-set: title content(); break-before: page; font-size: 18pt }""")


def contract():
    column = lambda side: "".join(f"<p>{pair[side]}</p>" for pair in CONTRACT)
    return page(f'<div class="both"><div class="ar">{column(0)}</div><div class="en" dir="ltr">{column(1)}</div></div>',
                """.both { display: flex; gap: 10mm } .ar, .en { width: 56mm } p { margin: 0 0 3mm }
.en { font-family: "DejaVu Sans"; font-size: 10pt }""")


def invoice():
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in INVOICE)
    return page(f"<h1>فاتورة رقم 2041</h1><p>العميل: شركة الأفق للتجارة</p><table>{rows}</table>"
                "<p>يرجى السداد خلال ثلاثين يوما من تاريخ الفاتورة.</p>",
                "table { border-collapse: collapse; width: 100% } td { border-bottom: 1px solid #999; padding: 1mm 2mm }")


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for make in (book, contract, invoice):
        weasyprint.HTML(string=make()).write_pdf(out / f"{make.__name__}.pdf")
    with pikepdf.open(out / "invoice.pdf") as pdf:
        for sheet in pdf.pages:
            _, _, width, height = map(float, sheet.MediaBox)
            sheet.Rotate = 90
            # Above the paragraph below the table.
            sheet.CropBox = [0, height * 0.55, width, height]
        pdf.save(out / "turned.pdf")


main()
