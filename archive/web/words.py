"""Every word that the pages say, in Azerbaijani and in English: one line a meaning.

A phrase that counts has `{n}`. English parts one from many with a bar; Azerbaijani nouns stay in
the singular after a number. Ordinal endings are avoided, since they follow the number's vowels.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from archive.web.trouble_words import TROUBLE_PHRASES


class Language(StrEnum):
    """The languages of the pages; the first is the default."""

    AZERBAIJANI = "az"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; a template asks with `words.search`, or `words("results", n=3)`."""

    language: Language

    def __call__(self, name: str, /, **values: object) -> str:
        """The phrase of that name with its values put in; `n` chooses between one and many."""
        phrase = _phrase(name, self.language)
        if "n" in values and "|" in phrase:
            one, many = phrase.split("|")
            phrase = one if values["n"] == 1 else many
        numbers = {name: write_number(each) for name, each in values.items() if type(each) is int}
        return phrase.format(**values | numbers)

    def __getattr__(self, name: str) -> str:
        """The phrase of that name, which has no values."""
        if name not in PHRASES:
            raise AttributeError(f"no phrase is called {name}")
        return _phrase(name, self.language)


def write_number(number: int) -> str:
    """A number with its thousands parted by a narrow no-break space, from five figures on."""
    return (
        str(number) if number < 10_000 else f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    )


def _phrase(name: str, language: Language) -> str:
    azerbaijani, english = PHRASES[name]
    return azerbaijani if language is Language.AZERBAIJANI else english


PHRASES: Mapping[str, tuple[str, str]] = {
    **TROUBLE_PHRASES,
    # Every page
    "tagline": (
        "Azərbaycan mətbuatının və dövlət saytlarının açıq arxivi",
        "The open archive of Azerbaijan’s press and government web",
    ),
    "skip": ("Məzmuna keç", "Skip to content"),
    "navigation": ("Əsas bölmələr", "Main sections"),
    "search": ("Axtarış", "Search"),
    "changes": ("Dəyişikliklər", "Changes"),
    "sources": ("Mənbələr", "Sources"),
    "languages": ("Səhifənin dili", "Language of the page"),
    "proof_promise": (
        "Burada göstərilən hər məlumatın arxivdə saxlanmış əsli var.",
        "Everything shown here can be traced to recorded bytes.",
    ),
    "pages": ("Səhifələr", "Pages"),
    "newer": ("← Daha yeni", "← Newer"),
    "older": ("Daha köhnə →", "Older →"),
    "previous_page": ("← Əvvəlki səhifə", "← Previous page"),
    "next_page": ("Növbəti səhifə →", "Next page →"),
    # Search
    "search_label": ("Arxivdə axtarış", "Search the archive"),
    "search_example": ("məsələn: asan xidmət", "for example: asan xidmət"),
    "search_button": ("Axtar", "Search"),
    "results": ("{n} məqalə tapıldı", "{n} article found|{n} articles found"),
    "no_complete_results": (
        "Bütün sözlərin birlikdə olduğu məqalə yoxdur.",
        "No article has all of these words.",
    ),
    "partial_results": (
        "Sözlərin yalnız bir qismi olan məqalələr",
        "Articles with only some of the words",
    ),
    "results_title": ("“{query}” üzrə axtarış", "Search for “{query}”"),
    "no_results": ("“{query}” üzrə heç nə tapılmadı.", "Nothing was found for “{query}”."),
    "no_results_advice": (
        "Sözlərin yazılışını yoxlayın və ya daha az sözlə axtarın.",
        "Check the spelling, or search with fewer words.",
    ),
    "results_about": ("Təxminən {n} məqalə tapıldı", "About {n} articles found"),
    "no_more_results": ("Bu səhifədə nəticə yoxdur.", "There are no results on this page."),
    "first_page": ("Birinci səhifəyə qayıt", "Back to the first page"),
    "unread": (
        "Ən son {n} dəyişiklik hələ axtarışa daxil edilməyib.",
        "The newest {n} change cannot be found by a search yet.|The newest {n} changes cannot be found by a search yet.",
    ),
    "refine": ("Axtarışı dəqiqləşdir", "Refine the search"),
    "any_source": ("Bütün mənbələr", "All sources"),
    "from_day": ("Başlanğıc tarixi", "From this day"),
    "to_day": ("Son tarix", "To this day"),
    "order": ("Sıralama", "Order"),
    "order_best": ("uyğunluğa görə", "best match first"),
    "order_newest": ("əvvəlcə yenilər", "newest first"),
    "order_oldest": ("əvvəlcə köhnələr", "oldest first"),
    "help": ("Necə axtarmalı", "How to search"),
    "help_words": (
        "bu sözlərin hamısı, istənilən şəkilçi və yazılışla: asan xidmet, ASAN XİDMƏT",
        "all of these words, in any form and spelling: asan xidmet, ASAN XİDMƏT",
    ),
    "help_phrase": ("bu sözlər yan-yana", "these words side by side"),
    "help_prefix": ("belə başlayan sözlər", "words that begin so"),
    "help_without": ("bu söz olmayan məqalələr", "articles without this word"),
    "help_source": ("yalnız bu mənbədən", "of this source alone"),
    "help_section": ("yalnız bu rubrikadan", "of this section alone"),
    "help_days": ("bu tarixlər arasında dərc olunanlar", "published between these days"),
    "newest_changes": ("Son dəyişikliklər", "Newest changes"),
    "all_changes": ("Bütün dəyişikliklər", "All changes"),
    "empty_archive": ("Arxivdə hələ heç nə yoxdur.", "There is nothing in the archive yet."),
    "empty_archive_advice": (
        "İlk toplama bu əmrlə başlayır:",
        "The first crawl begins with this command:",
    ),
    "versions_count": ("{n} versiya", "{n} version|{n} versions"),
    "found_in_version": ("tapıldığı versiya: {number}", "found in version {number}"),
    "photos_count": ("{n} foto", "{n} photo|{n} photos"),
    # Article
    "original": ("Orijinal səhifə", "Original page"),
    "published": ("Dərc olunub", "Published"),
    "modified": ("Saytın göstərdiyi yenilənmə", "Updated, says the site"),
    "printed_as": ("saytda: “{printed}”", "on the page: “{printed}”"),
    "section": ("Rubrika", "Section"),
    "authors": ("Müəllif", "Author"),
    "tags": ("Açar sözlər", "Tags"),
    "article_language": ("Dil", "Language"),
    "attribution": ("İstinad olunan mənbə", "Source it names"),
    "embeds": ("Səhifədəki video və paylaşımlar", "Videos and posts on the page"),
    "photos": ("Fotolar", "Photos"),
    "photo_of": ("{number} / {n}", "{number} of {n}"),
    "photo_missing": (
        "Bu fotonun özü hələ arxivdə deyil.",
        "The photo itself is not in the archive yet.",
    ),
    "credit": ("Foto: {credit}", "Photo: {credit}"),
    "no_text": ("Bu versiyada mətn yoxdur.", "This version has no text."),
    "details": ("Məqalə haqqında", "About the article"),
    "doubts": ("Oxunuşdakı şübhələr", "Doubts about the reading"),
    "state_live": ("saytda var", "on the site"),
    "state_missing": ("tapılmayıb, yoxlanılır", "not found, being checked"),
    "state_gone": ("saytda daha yoxdur", "no longer on the site"),
    "missing_since": ("{at} tarixindən tapılmır", "not found since {at}"),
    # Versions
    "versions": ("Versiyalar", "Versions"),
    "version": ("Versiya {number}", "Version {number}"),
    "version_of": ("Versiya {number} / {n}", "Version {number} of {n}"),
    "newest": ("ən yeni", "newest"),
    "older_version": ("Siz köhnə versiyanı oxuyursunuz.", "You are reading an older version."),
    "to_newest": ("Ən yeni versiyaya keç", "Go to the newest version"),
    "compare_previous": ("Əvvəlki ilə müqayisə et", "Compare with the previous one"),
    "first_seen": ("ilk dəfə görülüb", "first seen"),
    "last_seen": ("son dəfə görülüb", "last seen"),
    "in_doubt": ("səhifə yarımçıq gələ bilərdi", "its page may have come half"),
    "observations": ("{n} dəfə yoxlanılıb", "seen {n} time|seen {n} times"),
    "history": ("Tarixçə", "History"),
    # Proof
    "proof": ("Sübut", "Proof"),
    "proof_intro": (
        "Bu versiya saytın aşağıdakı cavablarından oxunub. Cavablar alındığı kimi saxlanılıb.",
        "This version was read from the answers below, which are kept as they were received.",
    ),
    "captured_at": ("Alınıb", "Captured"),
    "status": ("HTTP statusu", "HTTP status"),
    "warc_file": ("WARC faylı", "WARC file"),
    "offset": ("Mövqe, bayt", "Offset, bytes"),
    "length": ("Uzunluq, bayt", "Length, bytes"),
    "payload_sha256": ("Məzmunun SHA-256 cəmi", "SHA-256 of the payload"),
    "document": ("Brauzerin qurduğu sənəd", "Document made by a browser"),
    "record_id": ("WARC qeydinin nömrəsi", "WARC record id"),
    "version_sha256": ("Versiyanın SHA-256 cəmi", "SHA-256 of the version"),
    "captures_more": ("Daha {n} cavab", "{n} more answer|{n} more answers"),
    "provenance": ("Hər sahə haradan oxunub", "Where each field was read from"),
    "disagreements": ("Səhifədə deyilən başqa qiymətlər", "What else the page says"),
    "addresses": ("Bu məqaləyə aparan ünvanlar", "Addresses that led to this article"),
    "pictures": ("Bu fotonun istifadəsi", "Where this photo was used"),
    "picture_used": ("{n} xəbərdə göstərilib", "shown in {n} article|shown in {n} articles"),
    "picture_first": ("ilk istifadə", "first use"),
    "picture_stock": ("arxiv fotosu", "stock photo"),
    "picture_other_cut": ("başqa ölçüdə və ya kəsimdə", "in another size or cut"),
    "picture_maybe": ("Eyni foto ola bilər", "May be the same photo"),
    "picture_all_uses": ("bütün istifadələri", "all its uses"),
    "picture_full_size": ("tam ölçüdə", "in full size"),
    "picture_joined": ("Eyni foto olduğunu insan təsdiqləyib", "The same, as a person said"),
    "picture_parted": ("Başqa foto olduğunu insan təsdiqləyib", "Another photo, as a person said"),
    "picture_not_hashed": ("Müqayisə edilə bilmir", "Cannot be compared"),
    "picture_flat": (
        "Başqa yerdə tanınmaq üçün kontrastı çox azdır",
        "Too little contrast to be recognised elsewhere",
    ),
    "picture_file": ("Faylın özündə yazılıb", "The file itself says"),
    "story": ("Eyni xəbər", "Same story"),
    "story_intro": ("Dərc olunma ardıcıllığı ilə.", "In the order of publication."),
    "story_shared": ("mətnin {shared} %-i eynidir", "{shared} % of the text is the same"),
    "story_agreement": (
        "Eyni cümlələrdə rəqəmlər {numbers} %, adlar {names} % uyğun gəlir.",
        "In the same sentences numbers agree to {numbers} %, names to {names} %.",
    ),
    "story_kept": (
        "{n} abzası olduğu kimi saxlayıb",
        "kept {n} paragraph as it is|kept {n} paragraphs as they are",
    ),
    "story_changed": ("{n} abzası dəyişib", "changed {n} paragraph|changed {n} paragraphs"),
    "story_left_out": ("{n} abzası çıxarıb", "left {n} paragraph out|left {n} paragraphs out"),
    "story_added": ("{n} abzas əlavə edib", "added {n} paragraph|added {n} paragraphs"),
    "story_anchors": ("Ortaq mətn izləri", "Common fingerprints"),
    "story_later": ("Sonradan təkrar dərc", "Reprinted later"),
    "same_text": ("Eyni mətn başqa yerdə", "The same text elsewhere"),
    # Changes
    "changes_intro": (
        "Arxivin jurnalı: nə vaxt hansı məqalə yaranıb, dəyişib və ya saytdan götürülüb.",
        "The archive’s log: which article appeared, changed or left its site, and when.",
    ),
    "change_appeared": ("yeni", "new"),
    "change_edited": ("dəyişdirilib", "edited"),
    "change_marked": ("nişanı dəyişib", "marker changed"),
    "change_shortened": ("qısaldılıb", "shortened"),
    "change_completed": ("tamamlanıb", "completed"),
    "change_joined": ("xəbərləri birləşib", "stories became one"),
    "change_left": ("xəbərdən ayrılıb", "left its story"),
    "change_moved": ("ünvanı dəyişib", "moved"),
    "change_missing": ("tapılmayıb", "missing"),
    "change_disappeared": ("yoxa çıxıb", "gone"),
    "change_returned": ("qayıdıb", "back"),
    "change_swapped": ("fotosu dəyişdirilib", "photo swapped"),
    "from_file": ("şəklin faylından", "from the photo's file"),
    "swap_before": ("əvvəlki foto", "the photo before"),
    "swap_now": ("indiki foto", "the photo now"),
    "picture_recropped": ("eyni foto, başqa kəsim", "the same picture, another cut"),
    "picture_replaced": ("başqa foto", "another picture"),
    "picture_unknown": ("müqayisə etmək olmur", "cannot be compared"),
    "change_corrected": ("oxunuşu düzəldilib", "reading corrected"),
    "change_merged": ("birləşdirilib", "merged"),
    "change_parted": ("ayrılıb", "parted"),
    "see_difference": ("fərqə bax", "see the difference"),
    "no_changes": ("Hələ heç bir dəyişiklik yoxdur.", "No changes yet."),
    "change_hidden": ("siyahılardan çıxarılıb", "hidden"),
    "change_listed": ("yenidən siyahıdadır", "listed again"),
    # What looks found
    "sighting_hidden": ("siyahılarda yoxdur", "on no list"),
    "sighting_missing": ("tapılmır", "missing"),
    "sighting_gone": ("yoxa çıxıb", "gone"),
    "sighting_blocked": ("giriş bağlıdır", "blocked"),
    "sighting_failed": ("cavab yoxdur", "no answer"),
    "looks": ("{n} baxış", "{n} look|{n} looks"),
    "control_page": ("Müqayisə üçün baxılan səhifə", "Control page"),
    "state_hidden": ("gizlədilib", "hidden"),
    "hidden_since": (
        "{at} tarixindən saytın heç bir siyahısında yoxdur, özü isə yerindədir",
        "On no list of its site since {at}, and still there",
    ),
    # Places on lists
    "places": ("Saytın səhifələrində yeri", "Place on the site’s pages"),
    "place": ("{position} nömrəli yer", "place {position}"),
    "place_highest": ("Ən yuxarı yeri: {position}", "Highest place: {position}"),
    "places_count": ("yeri {n} dəfə qeyd olunub", "{n} place noted|{n} places noted"),
    "place_now": ("son yoxlamada da ({at}) həmin yerdə idi", "still there {at}"),
    "feed_title": ("lentdəki başlıq", "title in the feed"),
    "feed_title_unseen": ("səhifədə heç vaxt görünməyib", "never seen on the page"),
    # Difference
    "difference": ("Versiyaların müqayisəsi", "Comparison of versions"),
    "difference_of": (
        "Versiya {old} ilə versiya {new} arasında fərq",
        "From version {old} to version {new}",
    ),
    "old_version": ("Köhnə", "Old"),
    "new_version": ("Yeni", "New"),
    "compare": ("Müqayisə et", "Compare"),
    "no_difference": (
        "Bu iki versiyanın müqayisə olunan sahələri eynidir.",
        "These two versions are the same in all that is compared.",
    ),
    "words_counted": ("−{removed} / +{added} söz", "−{removed} / +{added} words"),
    "edits_of_kind": ("Yalnız bu növ dəyişikliklər: {kind}.", "Edits of this kind only: {kind}."),
    "edit_marker": ("nişan", "marker"),
    "edit_headline": ("başlıq", "headline"),
    "edit_lead": ("giriş", "lead"),
    "edit_spelling": ("yazılış", "spelling"),
    "edit_typo": ("hərf səhvi", "typo"),
    "edit_ending": ("şəkilçi", "ending"),
    "edit_number": ("rəqəm", "number"),
    "edit_name": ("ad", "name"),
    "edit_quote": ("sitat", "quote"),
    "edit_words_removed": ("söz silinib", "words removed"),
    "edit_words_added": ("söz əlavə edilib", "words added"),
    "edit_paragraph_added": ("abzas əlavə edilib", "paragraph added"),
    "edit_paragraph_removed": ("abzas silinib", "paragraph removed"),
    "edit_paragraph_moved": ("abzasın yeri dəyişib", "paragraph moved"),
    "edit_shortened": ("mətn qısaldılıb", "text shortened"),
    "edit_completed": ("əvvəl yarımçıq gəlmişdi", "came half before"),
    "edit_photo_added": ("foto əlavə edilib", "photo added"),
    "edit_photo_removed": ("foto çıxarılıb", "photo removed"),
    "edit_photo_replaced": ("foto dəyişdirilib", "photo replaced"),
    "edit_photo_recropped": ("foto başqa cür kəsilib", "photo cropped anew"),
    "edit_photo_moved": ("fotonun yeri dəyişib", "photo moved"),
    "edit_caption": ("fotonun izahı", "caption"),
    "edit_credit": ("fotonun müəllifi", "credit"),
    "edit_date": ("yalnız tarix", "date alone"),
    "edit_section": ("rubrika", "section"),
    "edit_authors": ("müəllif", "authors"),
    "edit_tags": ("açar sözlər", "tags"),
    "words_removed": (
        "mətndən {n} söz silinib",
        "{n} word removed from the text|{n} words removed from the text",
    ),
    "words_added": (
        "mətnə {n} söz əlavə edilib",
        "{n} word added to the text|{n} words added to the text",
    ),
    "paragraphs_moved": (
        "{n} abzasın yeri dəyişib",
        "{n} paragraph moved|{n} paragraphs moved",
    ),
    "paragraphs_unchanged": (
        "{n} abzas dəyişməyib",
        "{n} paragraph unchanged|{n} paragraphs unchanged",
    ),
    "moved_from": (
        "Yeri dəyişib: əvvəl {number} nömrəli abzas idi",
        "Moved: was paragraph {number}",
    ),
    "moved_to": (
        "Yeri dəyişib: indi {number} nömrəli abzasdır",
        "Moved: is now paragraph {number}",
    ),
    "other_order": ("sırası dəyişib", "order changed"),
    "text": ("Mətn", "Text"),
    "text_unchanged": ("Mətn dəyişməyib.", "The text did not change."),
    "fields": ("Sahələr", "Fields"),
    "photo_added": ("foto əlavə edilib", "photo added"),
    "photo_removed": ("foto çıxarılıb", "photo removed"),
    "photo_reworded": ("fotonun izahı dəyişib", "words of the photo changed"),
    "photo_reordered": ("fotonun yeri dəyişib", "place of the photo changed"),
    "field_headline": ("Başlıq", "Headline"),
    "field_title": ("Nişansız başlıq", "Title without markers"),
    "field_lead": ("Giriş", "Lead"),
    "field_section": ("Rubrika", "Section"),
    "field_language": ("Dil", "Language"),
    "field_markers": ("Nişanlar", "Markers"),
    "field_authors": ("Müəllif", "Author"),
    "field_tags": ("Açar sözlər", "Tags"),
    "field_published": ("Dərc tarixi", "Date of publication"),
    "field_modified": ("Yenilənmə tarixi", "Date of the update"),
    # Sources
    "sources_intro": (
        "Arxivin topladığı saytlar.",
        "The sites that the archive collects.",
    ),
    "source_name": ("Mənbə", "Source"),
    "source_kind": ("Növü", "Kind"),
    "source_articles": ("Məqalə", "Articles"),
    "source_last_run": ("Son toplama", "Last run"),
    "kind_news": ("xəbər saytı", "news"),
    "kind_agency": ("agentlik", "agency"),
    "kind_broadcaster": ("yayımçı", "broadcaster"),
    "kind_aggregator": ("xəbər toplayıcısı", "aggregator"),
    "kind_state": ("dövlət qurumu", "state body"),
    "kind_ministry": ("nazirlik", "ministry"),
    "kind_parliament": ("parlament", "parliament"),
    "kind_regional": ("yerli icra hakimiyyəti", "local executive power"),
    "kind_party": ("partiya", "party"),
    "articles_of": ("Arxivdəki məqalələr: {name}", "Articles in the archive: {name}"),
    "no_articles": ("Bu mənbədən hələ məqalə yoxdur.", "No articles of this source yet."),
    # Elsewhere
    "never": ("hələ yox", "never"),
    # Languages of articles, by code
    "in_az": ("Azərbaycan dili", "Azerbaijani"),
    "in_en": ("ingilis dili", "English"),
    "in_ru": ("rus dili", "Russian"),
    "in_tr": ("türk dili", "Turkish"),
}
