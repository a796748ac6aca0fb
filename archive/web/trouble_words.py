"""What the pages say where something is wrong, in Azerbaijani and in English."""

from collections.abc import Mapping

TROUBLE_PHRASES: Mapping[str, tuple[str, str]] = {
    "bad_query": ("Axtarış sorğusu oxunmadı", "The query could not be read"),
    "query_not_a_day": (
        "“{written}” tarix deyil. Tarixləri 2023-02-14, 2023-02, 2023 və ya 14.02.2023 şəklində yazın.",
        "“{written}” is not a day. Write days as 2023-02-14, 2023-02, 2023 or 14.02.2023.",
    ),
    "query_no_time": (
        "Başlanğıc tarixi ({first}) son tarixdən ({last}) sonradır. Onların yerini dəyişin.",
        "The first day ({first}) lies after the last one ({last}). Swap them.",
    ),
    "query_too_many_words": (
        "Sorğu çox uzundur: ən çoxu {most} söz oxunur.",
        "The query is too long: at most {most} words are understood.",
    ),
    "query_minus_before_day": (
        "“-{label}:” mənasızdır. {label}: qarşısında mənfi işarəsi olmadan yazın.",
        "“-{label}:” has no meaning. Write {label}: without the minus sign.",
    ),
    "not_found": ("Belə səhifə yoxdur", "There is no such page"),
    "not_found_advice": (
        "Ünvanı yoxlayın və ya arxivdə axtarın.",
        "Check the address, or search the archive.",
    ),
    "trouble": ("Səhifə göstərilə bilmədi", "The page could not be shown"),
    "bad_address": ("Ünvan düzgün deyil", "The address is not right"),
    "not_a_number": (
        "Ünvandakı “{name}” 0 ilə {most} arasında tam ədəd olmalıdır.",
        "“{name}” in the address must be a whole number from 0 to {most}.",
    ),
    "later_catalogue": (
        "Arxiv daha yeni buraxılışla yenilənib. Səhifələri göstərən proqram yenidən başladılmalıdır:",
        "A later release has updated the archive. The program that shows these pages must be started again:",
    ),
    "older_catalogue": (
        "Arxivin kataloqu köhnə buraxılışdan qalıb və əvvəlcə yenilənməlidir:",
        "The archive’s catalogue is of an older release and must be brought up to date first:",
    ),
    "store_away": (
        "Bu qeyd başqa yerdəki anbarda saxlanılır, anbar isə hazırda cavab vermir. "
        "Bir azdan yenidən cəhd edin; anbarı bu əmr yoxlayır:",
        "This record is kept in a store elsewhere, which does not answer now. "
        "Try again later; this command checks the store:",
    ),
    "damaged": (
        "Bu qeyd arxivdə tapılmır və ya zədələnib. Nəyin düzəldilməli olduğunu bu əmr göstərir:",
        "This record is damaged or not in the archive. This command tells what to repair:",
    ),
    "in_the_log": (
        "Səbəbi arxivi göstərən proqramın jurnalında yazılıb.",
        "The reason is in the log of the program that shows the archive.",
    ),
    "wrong_method": ("Bu ünvan yalnız oxumaq üçündür", "This address can only be read"),
}
