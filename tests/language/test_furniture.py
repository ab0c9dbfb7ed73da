"""What belongs to a page goes, in eleven languages; every sentence of the report stays."""

from __future__ import annotations

import pytest

from bot.language.furniture import MAX_CORRECTION_CHARS, clean_paragraphs, is_cut
from bot.language.rules import languages_with
from tests.support.running.rows import each_row

NEWS = "Two workers were killed when a crane collapsed at the port of Velmar on Friday, the harbour authority said."
MORE = "The port stays closed until Monday."

FURNITURE = {
    "en": ("Read more: Dam near Osby overflows", "Photo: Lars Moe", "Sign up to our newsletter to get the news of the coast.", "By Ida Renn, Associated Press",
           "The post Port of Velmar closes appeared first on Harbour Post.", "Follow us on Facebook.", "12 comments", "Updated at 1:23 p.m.",
           "Image copyright EPA Image caption The port of Velmar on Friday", "The crane on the quay. (Photo: Lars Moe)", "View this post on Instagram",
           "The port is closed. pic.twitter.com/aB3x — Harbour (@harbour) May 3, 2031", "We use cookies to improve our site.",
           "Getty Images The port was closed on Friday", "FILE - In this May 3, 2031, file photo, ships wait off Velmar.", "Share this article"),
    "de": ("Lesen Sie auch: Damm bei Osby läuft über", "Foto: Lars Moe/dpa", "Abonnieren Sie unseren Newsletter.", "Von Ida Renn, Velmar", "Anzeige",
           "Dieser Artikel wird laufend aktualisiert.", "Kommentare (12)", "Der Kran auf dem Kai. (Archivbild)", "Stand: 3. Mai 2031, 10:15 Uhr", "Teilen"),
    "fr": ("À lire aussi : Le barrage d’Osby déborde", "Crédit photo : AFP", "Inscrivez-vous à notre newsletter.", "Par Jan Olsen avec AFP", "Publicité",
           "Publié le 3 mai 2031 à 10h15", "Partager sur WhatsApp", "L’article Le port ferme est apparu en premier sur Côte Info."),
    "es": ("Lea también: La presa de Osby se desborda", "Foto: EFE", "Suscríbete a nuestro boletín.", "Por Jan Olsen", "Publicidad", "Compartir en WhatsApp",
           "La entrada El puerto cierra se publicó primero en Costa Hoy.", "Publicado el 3 de mayo de 2031"),
    "it": ("Leggi anche: La diga di Osby trabocca", "Foto: ANSA", "Iscriviti alla nostra newsletter.", "di Jan Olsen", "Pubblicità", "RIPRODUZIONE RISERVATA"),
    "pt": ("Leia também: Barragem de Osby transborda", "Foto: Lusa", "Assine nossa newsletter.", "Por Jan Olsen, G1", "Publicidade", "Publicado em 3 de maio de 2031"),
    "nl": ("Lees ook: Dam bij Osby stroomt over", "Foto: ANP", "Schrijf je in voor onze nieuwsbrief.", "Door Jan Olsen en Ida Renn", "Advertentie", "12 reacties"),
    "pl": ("Czytaj także: Tama koło Osby przelała się", "Fot. PAP", "Zapisz się do newslettera.", "Autor: Jan Olsen", "Reklama", "12 komentarzy"),
    "uk": ("Читайте також: Гребля біля Осбі переповнилася", "Фото: Укрінформ", "Підписуйтесь на наш канал у Telegram.", "Автор: Ян Ольсен", "Реклама"),
    "ar": ("اقرأ أيضا: سد أوسبي يفيض", "الصورة: رويترز", "تابعونا على فيسبوك", "بقلم: يان أولسن", "إعلان", "مقالات ذات صلة"),
    "ja": ("【関連記事】オスビーのダムがあふれる", "写真：共同通信", "無料会員登録はこちら", "文：ヤン・オルセン", "広告", "続きを読む"),
    "mul": ("https://usat.ly/2Cc6gQo", "___", "© 2031 Harbour Post", "May 3, 2031", "Lars Moe/The Coast", "The quay ©Lars Moe (AFP)"),
}  # fmt: skip

CORRECTIONS = (
    "Correction: An earlier version of this article said five workers were killed.",
    "This article was amended on 27 November 2026. The crane was inspected in March.",
    "Korrektur: In einer früheren Fassung hieß es, fünf Arbeiter seien gestorben.",
    "Cet article a été corrigé : deux ouvriers ont été tués.",
    "Fe de errores: el puerto abre el lunes y no el miércoles.",
    "In una precedente versione di questo articolo si parlava di cinque operai.",
    "Uma versão anterior desta reportagem dizia que morreram cinco operários.",
    "Dit artikel is op 3 mei gecorrigeerd: er zijn twee arbeiders gedood.",
    "Sprostowanie: wcześniej podaliśmy, że zginęło pięciu robotników.",
    "У попередній версії цієї статті йшлося про п’ятьох загиблих.",
    "تصحيح: ذكرت نسخة سابقة أن خمسة عمال قتلوا.",
    "訂正：以前の記事では死者を5人としましたが、正しくは2人でした。",
)

REPORTS = (
    "By Friday the port had closed.",
    "Read more than once, the letter convinced the court.",
    "Video footage has emerged of the fall of the crane, the police said.",
    "Related costs rose by 4 per cent, the company said.",
    "Getty Images sued the maker of the program on Monday.",
    "Correction officers found the man in his cell.",
    "An earlier version of the bill was rejected in March.",
    "Subscribers left the paper after the report, it said.",
    "Photos by the police show the crane. They were taken in March.",
    "Follow the road to the port, the police advised.",
    "Korvia closes the strait in response to a blockade. (Reuters)",
    "Two workers are killed at the port of Velmar. (AP)",
    "قتل عاملان عند سقوط رافعة يوم الجمعة. (رويترز)",
    "クレーンが倒れ、2人が死亡した。（共同）",
    "Anzeige erstattet hat der Betreiber, sagte die Polizei.",
    "Von Jan Olsen fehlt jede Spur, sagte die Polizei.",
    "Cet article de la loi est contesté.",
    "Por Velmar pasa la carretera del norte.",
    "Реклама пива буде заборонена, сказав міністр.",
    "The ministry posted the order on its site on 3 May 2031.",
    "The man (pictured) was found on Friday.",
)


@each_row(("language", "line"), [(language, line) for language, lines in FURNITURE.items() for line in lines])
def test_furniture_goes_and_the_report_around_it_stays(language, line):
    assert clean_paragraphs([NEWS, line, MORE]).paragraphs == (NEWS, MORE)


@each_row("line", REPORTS)
def test_a_sentence_of_the_report_is_never_taken_for_furniture(line):
    assert clean_paragraphs([NEWS, line, MORE]).paragraphs == (NEWS, line, MORE)


@each_row("note", CORRECTIONS)
def test_a_note_of_correction_is_no_statement_and_is_kept_apart(note):
    cleaned = clean_paragraphs([note, NEWS, MORE])
    assert cleaned.paragraphs == (NEWS, MORE)
    assert cleaned.correction == note


def test_a_note_at_the_end_of_a_paragraph_leaves_the_paragraph():
    cleaned = clean_paragraphs([f"{NEWS} {CORRECTIONS[0]}", MORE])
    assert (cleaned.paragraphs, cleaned.correction) == ((NEWS, MORE), CORRECTIONS[0])


def test_a_heading_takes_the_note_below_it():
    cleaned = clean_paragraphs(
        [NEWS, MORE, "Correction: Nov. 27, 2031", "Two workers were killed, not five."]
    )
    assert (cleaned.paragraphs, cleaned.correction) == ((NEWS, MORE), "Two workers were killed, not five.")


def test_notes_are_bounded():
    assert len(clean_paragraphs([CORRECTIONS[0]] * 100).correction) <= MAX_CORRECTION_CHARS


def test_the_titles_under_a_heading_of_related_stories_go_with_it():
    related = ["Related stories", "Dam near Osby overflows", "Nurses in Sunde vote to strike", MORE]
    assert clean_paragraphs([NEWS, *related]).paragraphs == (NEWS, MORE)


def test_a_post_goes_with_the_line_that_says_whose_it_is():
    post = ["We will not be silenced!", "— Harbour (@harbour) May 3, 2031"]
    assert clean_paragraphs([NEWS, *post, MORE]).paragraphs == (NEWS, MORE)


def test_who_wrote_and_edited_it_leaves_the_last_sentence():
    assert clean_paragraphs([NEWS, f"{MORE} (Reporting by Ida Renn; Editing by Jan Olsen)"]).paragraphs == (
        NEWS,
        MORE,
    )


@pytest.mark.parametrize(
    "line", ["AFP", "© AFP", "Source: Reuters", "Credit: Reuters", "Quelle: dpa", "By Associated Press"]
)
def test_the_agency_that_is_credited_in_the_last_line_is_kept(line):
    assert clean_paragraphs([NEWS, MORE, line, "12 comments"]).paragraphs == (NEWS, MORE, line)
    assert clean_paragraphs([NEWS, line, MORE]).paragraphs == (NEWS, MORE)


@pytest.mark.parametrize("line", ["Photo: AP", "Foto: dpa", "Getty Images", "Image: Reuters"])
def test_the_agency_of_a_picture_is_no_credit_of_the_text(line):
    assert clean_paragraphs([NEWS, MORE, line]).paragraphs == (NEWS, MORE)


def test_a_text_of_one_paragraph_keeps_its_news_whatever_it_ends_with():
    assert clean_paragraphs([f"{NEWS} (Photo: Lars Moe)"]).paragraphs == (NEWS,)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        (f"{NEWS} …", True),
        (f"{NEWS}\nContinue reading Port of Velmar closes →", True),
        (f"{NEWS}\nWeiterlesen »", True),
        (f"{NEWS}\n続きを読む", True),
        (NEWS, False),
        (f"{NEWS}\nHe wants pupils to read more books.", False),
    ],
)
def test_a_text_that_goes_on_elsewhere_is_known(text, cut):
    assert is_cut(text) is cut


def test_there_are_rules_for_each_language_of_the_product():
    assert {"en", "de", "fr", "es", "it", "pt", "nl", "pl", "uk", "ar", "ja"} <= set(
        languages_with("furniture")
    )
