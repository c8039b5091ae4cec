"""The words of texts and mails about days off, in every language the product ships. Sends nothing."""

from __future__ import annotations

DAY_TEXTS: dict[str, dict[str, str]] = {
    "day-off-approved": {
        "en": "Your day off {day}[ to {last}] is approved. Balance after: {balance} days.",
        "tr": "İzniniz onaylandı: {day}[ - {last}]. Kalan bakiye: {balance} gün.",
        "ro": "Ziua ta liberă {day}[ - {last}] este aprobată. Sold rămas: {balance} zile.",
        "fa": "مرخصی شما در {day}[ تا {last}] تأیید شد. مانده: {balance} روز.",
    },
    "day-off-refused": {
        "en": "Your day off {day}[ to {last}] was not approved: {why}. Ask for another day: {link}",
        "tr": "İzniniz onaylanmadı ({day}[ - {last}]): {why}. Başka bir gün isteyin: {link}",
        "ro": "Ziua ta liberă {day}[ - {last}] nu a fost aprobată: {why}. Cere altă zi: {link}",
        "fa": "مرخصی شما در {day}[ تا {last}] تأیید نشد: {why}. روز دیگری بخواهید: {link}",
    },
    "day-off-lapsed": {
        "en": "Nobody decided about your day off {day} in time, so it is not booked. Please ask again: {link}",
        "tr": "{day} izniniz için zamanında karar verilmedi; izin yazılmadı. Lütfen yeniden isteyin: {link}",
        "ro": "Nimeni nu a decis la timp despre ziua ta liberă {day}; nu este rezervată. Cere din nou: {link}",
        "fa": "دربارهٔ مرخصی {day} به‌موقع تصمیم گرفته نشد و ثبت نشد. دوباره درخواست دهید: {link}",
    },
    "day-off-asked": {
        "en": "{name} asks for a day off: {day}[ to {last}] ({days}). [Silence is a yes on {until}. ]Answer: {link}",
        "tr": "{name} izin istiyor: {day}[ - {last}] ({days} gün). [Yanıtsız kalırsa {until} onaylanır. ]Yanıt: {link}",
        "ro": "{name} cere liber: {day}[ - {last}] ({days}). [Fără răspuns se aprobă la {until}. ]Răspunde: {link}",
        "fa": "{name} مرخصی می‌خواهد: {day}[ تا {last}] ({days} روز). [بی‌پاسخ در {until} تأیید می‌شود. ]پاسخ: {link}",
    },
    "day-off-by-silence": {
        "en": "{name} is off on {day}[ to {last}]: nobody answered, so it is approved. {link}",
        "tr": "{name} izinli: {day}[ - {last}]. Kimse yanıtlamadığı için onaylandı. {link}",
        "ro": "{name} are liber {day}[ - {last}]: nimeni nu a răspuns, deci s-a aprobat. {link}",
        "fa": "{name} در {day}[ تا {last}] مرخصی است: کسی پاسخ نداد، پس تأیید شد. {link}",
    },
    "day-off-cancelled": {
        "en": "{name} needs no day off on {day}[ to {last}] any more.",
        "tr": "{name} artık izin istemiyor: {day}[ - {last}].",
        "ro": "{name} nu mai are nevoie de liber {day}[ - {last}].",
        "fa": "{name} دیگر در {day}[ تا {last}] مرخصی نمی‌خواهد.",
    },
    "days-run-out": {
        "en": "{days} of your comp days run out on {day}. Take them or ask your lead: {link}",
        "tr": "{days} gün izniniz {day} tarihinde sona eriyor. Kullanın ya da ekip liderinize sorun: {link}",
        "ro": "{days} din zilele tale libere expiră {day}. Folosește-le sau întreabă coordonatorul: {link}",
        "fa": "{days} روز از مرخصی جبرانی شما در {day} تمام می‌شود. استفاده کنید یا از سرپرست بپرسید: {link}",
    },
    "days-ran-out": {
        "en": "{name}: {days} comp days ran out on {day}. Pay, keep or drop them: {link}",
        "tr": "{name}: {days} gün izin {day} tarihinde sona erdi. Öde, sakla ya da sil: {link}",
        "ro": "{name}: {days} zile libere au expirat {day}. Plătește, păstrează sau renunță: {link}",
        "fa": "{name}: {days} روز مرخصی در {day} تمام شد. پرداخت، نگهداری یا حذف: {link}",
    },
    "balance-high": {
        "en": "You have {balance} comp days, more than {most}. Please plan days off: {link}",
        "tr": "{balance} gün izniniz birikti, sınır {most}. Lütfen izin planlayın: {link}",
        "ro": "Ai {balance} zile libere, peste {most}. Te rugăm să planifici zile libere: {link}",
        "fa": "{balance} روز مرخصی دارید، بیش از {most}. لطفاً مرخصی برنامه‌ریزی کنید: {link}",
    },
    "balance-high-lead": {
        "en": "{name} has {balance} comp days, more than {most}. Plan days off, or fewer weeks: {link}",
        "tr": "{name}: {balance} gün izin birikti, sınır {most}. İzin ya da daha az hafta planlayın: {link}",
        "ro": "{name} are {balance} zile libere, peste {most}. Planifică liber sau mai puține săptămâni: {link}",
        "fa": "{name} {balance} روز مرخصی دارد، بیش از {most}. مرخصی یا هفته‌های کمتر: {link}",
    },
    "late-start": {
        "en": "You were woken tonight: rest, and start work at {until}, not earlier. It costs no day off.",
        "tr": "Bu gece uyandırıldınız: dinlenin, işe {until} saatinden önce başlamayın. İzninizden düşmez.",
        "ro": "Noaptea ți-a fost întreruptă: odihnește-te și începe lucrul la {until}, nu mai devreme. Nu costă liber.",
        "fa": "امشب بیدار شدید: استراحت کنید و کار را پیش از {until} آغاز نکنید. از مرخصی کم نمی‌شود.",
    },
    "late-start-lead": {
        "en": "{name} was woken in the night and starts work at {until}, not earlier.",
        "tr": "{name} gece uyandırıldı; işe {until} saatinden önce başlamıyor.",
        "ro": "{name} a avut noaptea întreruptă și începe lucrul la {until}, nu mai devreme.",
        "fa": "{name} شب بیدار شد و کار را پیش از {until} آغاز نمی‌کند.",
    },
}
