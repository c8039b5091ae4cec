"""The words of texts, mails and calls in every language the product ships. Pages have their own catalogs.

A part in [square brackets] is left out when one of its {holes} is empty.
The policy's `templates:` may replace any of these, language by language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from oncall.day_texts import DAY_TEXTS
from oncall.policy.model import Policy
from oncall.ready_texts import READY_TEXTS

Words = dict[str, str]

TEXTS: dict[str, Words] = {
    "alert-sms": {
        "en": "URGENT #{ref} [{who}: ]{what}. [Caller {caller}. ]Reply 1 take, 2 pass. [Next: {next_name} {next_time}. ]{link}",
        "tr": "ACİL #{ref} [{who}: ]{what}. [Arayan {caller}. ]1 al, 2 devret. [Sonra: {next_name} {next_time}. ]{link}",
        "ro": "URGENT #{ref} [{who}: ]{what}. [Apelant {caller}. ]1 preiau, 2 pasez. [Apoi: {next_name} {next_time}. ]{link}",
        "fa": "فوری {ref} [{who}: ]{what}. [تماس {caller}. ]پاسخ: ۱ برمی‌دارم، ۲ رد می‌کنم. [بعدی: {next_name} {next_time}. ]{link}",
    },
    "alert-sms-one-way": {
        "en": "URGENT #{ref} [{who}: ]{what}. [Caller {caller}. ]Press 1 when we call, or take it here. [Next: {next_name} {next_time}. ]{link}",
        "tr": "ACİL #{ref} [{who}: ]{what}. [Arayan {caller}. ]Aramada 1'e basın ya da bağlantıdan alın. [Sonra: {next_name} {next_time}. ]{link}",
        "ro": "URGENT #{ref} [{who}: ]{what}. [Apelant {caller}. ]Tasta 1 la apel sau preia aici. [Apoi: {next_name} {next_time}. ]{link}",
        "fa": "فوری {ref} [{who}: ]{what}. [تماس {caller}. ]در تماس ما کلید ۱ را بزنید. [بعدی: {next_name} {next_time}. ]{link}",
    },
    "normal-sms": {
        "en": "#{ref} [{who}: ]{what}. [Caller {caller}. ]Reply 1 take, 2 pass. {link}",
        "tr": "#{ref} [{who}: ]{what}. [Arayan {caller}. ]1 al, 2 devret. {link}",
        "ro": "#{ref} [{who}: ]{what}. [Apelant {caller}. ]1 preiau, 2 pasez. {link}",
        "fa": "{ref} [{who}: ]{what}. [تماس {caller}. ]پاسخ: ۱ برمی‌دارم، ۲ رد می‌کنم. {link}",
    },
    "climbed-sms": {
        "en": "URGENT #{ref}, {before} silent. [{who}: ]{what}. [Caller {caller}. ]Reply 1 take, 2 pass. [Next: {next_name} {next_time}. ]{link}",
        "tr": "ACİL #{ref}, {before} yanıtsız. [{who}: ]{what}. [Arayan {caller}. ]1 al, 2 devret. [Sonra: {next_name} {next_time}. ]{link}",
        "ro": "URGENT #{ref}, {before} tace. [{who}: ]{what}. [Apelant {caller}. ]1 preiau, 2 pasez. [Apoi: {next_name} {next_time}. ]{link}",
        "fa": "فوری {ref}، {before} پاسخ نداد. [{who}: ]{what}. [تماس {caller}. ]پاسخ: ۱ یا ۲. [بعدی: {next_name} {next_time}. ]{link}",
    },
    "passed-sms": {
        "en": "URGENT #{ref} from {before}. [{who}: ]{what}. [Caller {caller}. ]Reply 1 take, 2 pass. [Next: {next_name} {next_time}. ]{link}",
        "tr": "ACİL #{ref}, {before} devretti. [{who}: ]{what}. [Arayan {caller}. ]1 al, 2 devret. [Sonra: {next_name} {next_time}. ]{link}",
        "ro": "URGENT #{ref} de la {before}. [{who}: ]{what}. [Apelant {caller}. ]1 preiau, 2 pasez. [Apoi: {next_name} {next_time}. ]{link}",
        "fa": "فوری {ref} از {before}. [{who}: ]{what}. [تماس {caller}. ]پاسخ: ۱ یا ۲. [بعدی: {next_name} {next_time}. ]{link}",
    },
    "nobody-sms": {
        "en": "NOBODY TOOK #{ref} in {minutes} min. [{who}: ]{what}. [Please ring {caller}. ]Reply 1 take. {link}",
        "tr": "#{ref} {minutes} dakikadır KİMSE ALMADI. [{who}: ]{what}. [Lütfen arayın: {caller}. ]Yanıt: 1 al. {link}",
        "ro": "NIMENI NU A PRELUAT #{ref} în {minutes} min. [{who}: ]{what}. [Sună la {caller}. ]Răspunde 1 preiau. {link}",
        "fa": "هیچ‌کس {ref} را در {minutes} دقیقه برنداشت. [{who}: ]{what}. [تماس بگیرید: {caller}. ]پاسخ ۱. {link}",
    },
    "bundle-sms": {
        "en": "{count} URGENT waiting ({refs}), oldest {minutes} min[, {who}]. Reply 1 to take all. {link}",
        "tr": "{count} ACİL bekliyor ({refs}), en eskisi {minutes} dk[, {who}]. Hepsini almak için 1 yazın. {link}",
        "ro": "{count} URGENTE așteaptă ({refs}), cel mai vechi de {minutes} min[, {who}]. Răspunde 1 ca să le preiei pe toate. {link}",
        "fa": "{count} مورد فوری در انتظار ({refs})، قدیمی‌ترین {minutes} دقیقه[، {who}]. برای برداشتن همه ۱ بفرستید. {link}",
    },
    "bundle-sms-one-way": {
        "en": "{count} URGENT waiting ({refs}), oldest {minutes} min[, {who}]. Press 1 when we call, or take all here. {link}",
        "tr": "{count} ACİL bekliyor ({refs}), en eskisi {minutes} dk[, {who}]. Aramada 1'e basın ya da hepsini buradan alın. {link}",
        "ro": "{count} URGENTE așteaptă ({refs}), cel mai vechi de {minutes} min[, {who}]. Tasta 1 la apel sau preia-le aici pe toate. {link}",
        "fa": "{count} مورد فوری در انتظار ({refs})، قدیمی‌ترین {minutes} دقیقه[، {who}]. در تماس ما کلید ۱ را بزنید یا همه را اینجا بردارید. {link}",
    },
    "alert-sms-call-only": {
        "en": "URGENT #{ref} [{who}: ]{what}. [Caller {caller}. ]We ring you: press 1 in the call to take it. [Next: {next_name} {next_time}.]",
        "tr": "ACİL #{ref} [{who}: ]{what}. [Arayan {caller}. ]Sizi arıyoruz: almak için aramada 1'e basın. [Sonra: {next_name} {next_time}.]",
        "ro": "URGENT #{ref} [{who}: ]{what}. [Apelant {caller}. ]Te sunăm: apasă 1 în apel ca să preiei. [Apoi: {next_name} {next_time}.]",
        "fa": "فوری {ref} [{who}: ]{what}. [تماس {caller}. ]با شما تماس می‌گیریم: برای برداشتن کلید ۱ را بزنید. [بعدی: {next_name} {next_time}.]",
    },
    "bundle-sms-call-only": {
        "en": "{count} URGENT waiting ({refs}), oldest {minutes} min[, {who}]. We ring you: press 1 in the call to take all.",
        "tr": "{count} ACİL bekliyor ({refs}), en eskisi {minutes} dk[, {who}]. Sizi arıyoruz: hepsini almak için aramada 1'e basın.",
        "ro": "{count} URGENTE așteaptă ({refs}), cel mai vechi de {minutes} min[, {who}]. Te sunăm: apasă 1 în apel ca să le preiei pe toate.",
        "fa": "{count} مورد فوری در انتظار ({refs})، قدیمی‌ترین {minutes} دقیقه[، {who}]. با شما تماس می‌گیریم: برای برداشتن همه کلید ۱ را بزنید.",
    },
    "taken-many": {
        "en": "{count} tickets ({refs}) taken by {name} {time}. Nothing for you to do. Sleep well.",
        "tr": "{count} kaydı ({refs}) {name} {time} itibarıyla aldı. Size iş yok. İyi geceler.",
        "ro": "{count} tichete ({refs}) preluate de {name} la {time}. Nu ai nimic de făcut. Somn ușor.",
        "fa": "{count} مورد ({refs}) را {name} ساعت {time} برداشت. کاری برای شما نیست. خوب بخوابید.",
    },
    "confirm-many": {
        "en": "You have all {count} ({refs}), since {time}. They are listed on the web page; mark each one solved there.",
        "tr": "{count} kaydın hepsi sizde ({refs}), saat {time}. Liste web sayfasında; çözülenleri orada işaretleyin.",
        "ro": "Le-ai preluat pe toate {count} ({refs}), la {time}. Lista este pe pagina web; marchează acolo ce s-a rezolvat.",
        "fa": "هر {count} مورد ({refs}) از ساعت {time} با شماست. فهرست در صفحهٔ وب است؛ حل‌شده‌ها را همان‌جا علامت بزنید.",
    },
    "passed-many-answer": {
        "en": "{count} tickets passed on. Nothing more for you to do.",
        "tr": "{count} kayıt devredildi. Size başka iş yok.",
        "ro": "{count} tichete pasate mai departe. Nu mai ai nimic de făcut.",
        "fa": "{count} مورد رد شد. کار دیگری برای شما نیست.",
    },
    "call-bundle": {
        "en": "Hello {first}, {company} emergency phone. {count} urgent tickets are waiting, the oldest for {minutes} minutes[, from {who}].",
        "tr": "Merhaba {first}, {company} acil telefonu. {count} acil kayıt bekliyor, en eskisi {minutes} dakikadır[, {who}].",
        "ro": "Bună {first}, telefonul de urgență {company}. {count} tichete urgente așteaptă, cel mai vechi de {minutes} minute[, de la {who}].",
    },
    "call-bundle-menu": {
        "en": "Press 1 to take them all. Press 2 to pass them all on. Press 0 to hear it again.",
        "tr": "Hepsini almak için 1'e basın. Hepsini devretmek için 2'ye basın. Yeniden dinlemek için 0'a basın.",
        "ro": "Apasă 1 ca să le preiei pe toate. Apasă 2 ca să le pasezi pe toate. Apasă 0 ca să auzi din nou.",
    },
    "call-taken-all": {
        "en": "All {count} are yours. A text message follows. Goodbye.",
        "tr": "{count} kaydın hepsi sizde. Bir mesaj gönderiyoruz. Hoşça kalın.",
        "ro": "Toate cele {count} sunt ale tale. Urmează un mesaj. La revedere.",
    },
    "alarm-contact": {
        "en": "ALARM: {channel} to {name} does not get through ([{why}, ]code {code}). We use the other ways until it is mended.",
        "tr": "ALARM: {name} kişisine {channel} ulaşmıyor (kod {code}). Düzelene dek diğer yolları kullanıyoruz.",
        "ro": "ALARMĂ: {channel} către {name} nu ajunge (cod {code}). Folosim celelalte căi până se repară.",
        "fa": "هشدار: {channel} به {name} نمی‌رسد (کد {code}). تا رفع مشکل از راه‌های دیگر استفاده می‌کنیم.",
    },
    "alarm-account": {
        "en": "ALARM: no {channel} goes out at all ([{why}, ]code {code}). Check the provider's account now; pages go other ways meanwhile.",
        "tr": "ALARM: hiçbir {channel} gönderilemiyor (kod {code}). Sağlayıcı hesabını şimdi denetleyin; bu arada uyarılar diğer yollardan gidiyor.",
        "ro": "ALARMĂ: nu mai pleacă niciun {channel} (cod {code}). Verifică acum contul furnizorului; între timp alertele merg pe alte căi.",
        "fa": "هشدار: هیچ {channel} ارسال نمی‌شود (کد {code}). همین حالا حساب سرویس‌دهنده را بررسی کنید؛ فعلاً هشدارها از راه‌های دیگر می‌روند.",
    },
    "confirm-sms": {
        "en": "You have #{ref} ({time}). [{who}: ]{what}. [Caller {caller}. ]Reply 3 when solved, 2 to pass. {link}",
        "tr": "#{ref} sizde ({time}). [{who}: ]{what}. [Arayan {caller}. ]Çözülünce 3, devretmek için 2 yazın. {link}",
        "ro": "Ai preluat #{ref} ({time}). [{who}: ]{what}. [Apelant {caller}. ]Răspunde 3 când e rezolvat, 2 ca să pasezi. {link}",
        "fa": "{ref} با شماست ({time}). [{who}: ]{what}. [تماس {caller}. ]حل شد: ۳، رد کردن: ۲. {link}",
    },
    "taken-sms": {
        "en": "#{ref} taken by {name} {time}. Nothing for you to do. Sleep well.",
        "tr": "#{ref}: {name} {time} itibarıyla aldı. Size iş yok. İyi geceler.",
        "ro": "#{ref} preluat de {name} la {time}. Nu ai nimic de făcut. Somn ușor.",
        "fa": "{ref} را {name} ساعت {time} برداشت. کاری برای شما نیست. خوب بخوابید.",
    },
    "passed-answer": {
        "en": "#{ref} passed on. [Next: {next_name}. ]Nothing more for you to do.",
        "tr": "#{ref} devredildi. [Sonra: {next_name}. ]Size başka iş yok.",
        "ro": "#{ref} pasat mai departe. [Apoi: {next_name}. ]Nu mai ai nimic de făcut.",
        "fa": "{ref} رد شد. [بعدی: {next_name}. ]کار دیگری برای شما نیست.",
    },
    "solved-answer": {
        "en": "#{ref} is solved. Thank you.",
        "tr": "#{ref} çözüldü. Teşekkürler.",
        "ro": "#{ref} este rezolvat. Mulțumim.",
        "fa": "{ref} حل شد. سپاس.",
    },
    "already-taken-answer": {
        "en": "{name} took #{ref} at {time}. Nothing for you to do.",
        "tr": "#{ref}: {name} saat {time} itibarıyla aldı. Size iş yok.",
        "ro": "{name} a preluat #{ref} la {time}. Nu ai nimic de făcut.",
        "fa": "{name} ساعت {time} مورد {ref} را برداشت. کاری برای شما نیست.",
    },
    "already-solved-answer": {
        "en": "#{ref} is already solved. Nothing for you to do.",
        "tr": "#{ref} zaten çözüldü. Size iş yok.",
        "ro": "#{ref} este deja rezolvat. Nu ai nimic de făcut.",
        "fa": "{ref} پیش‌تر حل شده است. کاری برای شما نیست.",
    },
    "nothing-open-answer": {
        "en": "Nothing is waiting for you right now.",
        "tr": "Şu anda sizi bekleyen bir şey yok.",
        "ro": "Acum nu te așteaptă nimic.",
        "fa": "اکنون چیزی در انتظار شما نیست.",
    },
    "help-answer": {
        "en": "Sorry, not understood. Reply 1 to take it, 2 to pass it on, 3 when solved.",
        "tr": "Anlaşılmadı. Almak için 1, devretmek için 2, çözülünce 3 yazın.",
        "ro": "Nu am înțeles. Răspunde 1 preiau, 2 pasez, 3 rezolvat.",
        "fa": "نامفهوم بود. ۱ برداشتن، ۲ رد کردن، ۳ حل شد.",
    },
    "turn-yours": {
        "en": "You hold the emergency phone {start} to {end}[ instead of {name}]. Rota: {link}",
        "tr": "Acil telefon {start} - {end} arası sizde[ ({name} yerine)]. Çizelge: {link}",
        "ro": "Ai telefonul de urgență {start} - {end}[ pentru {name}]. Program: {link}",
        "fa": "تلفن اضطراری از {start} تا {end}[ به جای {name}] با شماست. برنامه: {link}",
    },
    "turn-gone": {
        "en": "The emergency phone {start} to {end} is no longer yours[: {name} has it]. Rota: {link}",
        "tr": "Acil telefon {start} - {end} arası artık sizde değil[: {name} üstlendi]. Çizelge: {link}",
        "ro": "Telefonul de urgență {start} - {end} nu mai e la tine[: îl are {name}]. Program: {link}",
        "fa": "تلفن اضطراری از {start} تا {end} دیگر با شما نیست[: با {name} است]. برنامه: {link}",
    },
    "cover-ask": {
        "en": "{name} asks: hold the phone {start} to {end}? [Earns {days} day. ]Yes/no: {link}[ or {codes}] (until {until})",
        "tr": "{name} soruyor: {start} - {end} arası telefonu alır mısınız? [{days} gün kazandırır. ]Yanıt: {link}[ ya da {codes}] (son: {until})",
        "ro": "{name} întreabă: ții telefonul {start} - {end}? [Aduce {days} zile. ]Da sau nu: {link}[ sau {codes}] (până {until})",
        "fa": "{name} می‌پرسد: تلفن را از {start} تا {end} برمی‌دارید؟ [{days} روز مرخصی دارد. ]پاسخ: {link}[ یا {codes}] (تا {until})",
    },
    "trade-ask": {
        "en": "{name} offers a trade: you take {start} to {end}[, they take your {other_start}]. Answer: {link} (until {until})",
        "tr": "{name} takas öneriyor: {start} - {end} sizin olur[, {other_start} onun]. Yanıt: {link} (son: {until})",
        "ro": "{name} propune un schimb: iei {start} - {end}[, dai {other_start}]. Răspuns: {link} (până {until})",
        "fa": "{name} جابه‌جایی می‌خواهد: {start} تا {end} با شما[، {other_start} با او]. پاسخ: {link} (تا {until})",
    },
    "took-over": {
        "en": "You hold the emergency phone until {end}. Whoever held it was told. {link}",
        "tr": "Acil telefon {end} vaktine dek sizde. Önceki kişiye haber verildi. {link}",
        "ro": "Ai telefonul de urgență până {end}. Cine îl ținea a fost anunțat. {link}",
        "fa": "تلفن اضطراری تا {end} با شماست. نفر پیشین باخبر شد. {link}",
    },
    "swap-no-answer": {
        "en": "Thank you for the answer. Nothing more for you to do.",
        "tr": "Yanıtınız için teşekkürler. Size başka iş yok.",
        "ro": "Mulțumim pentru răspuns. Nu mai ai nimic de făcut.",
        "fa": "از پاسخ شما سپاس. کار دیگری برای شما نیست.",
    },
    "swap-agreed": {
        "en": "Agreed, but it waits for one more word. You are told: {link}",
        "tr": "Tamam, ama bir onay daha bekliyor. Haber verilecek: {link}",
        "ro": "De acord, dar mai trebuie o confirmare. Te anunțăm: {link}",
        "fa": "پذیرفته شد، اما یک تأیید دیگر مانده. خبر می‌دهیم: {link}",
    },
    "swap-not-done": {
        "en": "That could not be done by text, and nothing was changed. See why: {link}",
        "tr": "Bu mesajla yapılamadı, hiçbir şey değişmedi. Nedeni: {link}",
        "ro": "Nu s-a putut prin mesaj; nu s-a schimbat nimic. Vezi de ce: {link}",
        "fa": "با پیامک انجام نشد و چیزی عوض نشد. دلیل: {link}",
    },
    "cover-done-taker": {
        "en": "Done: you hold the phone {start} to {end} for {name}. [Undo until {until}: {link}]",
        "tr": "Tamam: {start} - {end} arası telefon {name} yerine sizde. [Geri al (son {until}): {link}]",
        "ro": "Gata: ții telefonul {start} - {end} pentru {name}. [Anulare până {until}: {link}]",
        "fa": "انجام شد: تلفن از {start} تا {end} به جای {name} با شماست. [برگرداندن تا {until}: {link}]",
    },
    "cover-done-asker": {
        "en": "Done: {name} holds the phone {start} to {end}. You are off then. [Undo until {until}: {link}]",
        "tr": "Tamam: {start} - {end} arası telefonu {name} taşıyor. O saatlerde serbestsiniz. [Geri al (son {until}): {link}]",
        "ro": "Gata: {name} ține telefonul {start} - {end}. Atunci ai liber. [Anulare până {until}: {link}]",
        "fa": "انجام شد: تلفن از {start} تا {end} با {name} است و شما آزادید. [برگرداندن تا {until}: {link}]",
    },
    "trade-done-taker": {
        "en": "Done: you hold {start} to {end}[, {name} holds your {other_start}]. [Undo until {until}: {link}]",
        "tr": "Tamam: {start} - {end} sizde[, {other_start} nöbetini {name} aldı]. [Geri al (son {until}): {link}]",
        "ro": "Gata: ai tura {start} - {end}[, {name} are {other_start}]. [Anulare până {until}: {link}]",
        "fa": "انجام شد: {start} تا {end} با شماست[، {other_start} با {name}]. [برگرداندن تا {until}: {link}]",
    },
    "trade-done-asker": {
        "en": "Done: {name} holds {start} to {end}[, you hold {other_start} to {other_end}]. [Undo until {until}: {link}]",
        "tr": "Tamam: {start} - {end} nöbetini {name} aldı[, {other_start} - {other_end} sizde]. [Geri al (son {until}): {link}]",
        "ro": "Gata: {name} are tura {start} - {end}[, tu ai {other_start} - {other_end}]. [Anulare până {until}: {link}]",
        "fa": "انجام شد: {start} تا {end} با {name} است[، {other_start} تا {other_end} با شما]. [برگرداندن تا {until}: {link}]",
    },
    "swap-solved": {
        "en": "Solved: {name} took the phone of {other} {start}. Nothing for you to do.",
        "tr": "Çözüldü: {other} yerine telefonu {name} aldı ({start}). Size iş yok.",
        "ro": "Rezolvat: {name} ține telefonul pentru {other}, {start}. Nu ai nimic de făcut.",
        "fa": "حل شد: {name} به جای {other} تلفن را برداشت ({start}). کاری برای شما نیست.",
    },
    "swap-gone": {
        "en": "{name} no longer asks about {start}. Nothing for you to do.",
        "tr": "{name} {start} isteğini geri çekti. Size iş yok.",
        "ro": "{name} a retras cererea pentru {start}. Nu ai nimic de făcut.",
        "fa": "{name} درخواست {start} را پس گرفت. کاری برای شما نیست.",
    },
    "cover-nobody": {
        "en": "No one took {start} to {end} yet. You still hold the phone. Ask again or ask the lead: {link}",
        "tr": "{start} - {end} için henüz kimse çıkmadı. Telefon hâlâ sizde. Yeniden sorun ya da ekip liderine danışın: {link}",
        "ro": "Încă nu a luat nimeni {start} - {end}. Telefonul rămâne la tine. Întreabă din nou sau vorbește cu coordonatorul: {link}",
        "fa": "هنوز کسی {start} تا {end} را برنداشته. تلفن با شماست. دوباره بپرسید یا با سرپرست صحبت کنید: {link}",
    },
    "cover-nobody-lead": {
        "en": "{name} found no cover for {start} to {end} and still holds the phone: {link}",
        "tr": "{name} {start} - {end} için kimseyi bulamadı, telefon hâlâ onda: {link}",
        "ro": "{name} nu a găsit înlocuitor pentru {start} - {end} și ține în continuare telefonul: {link}",
        "fa": "{name} برای {start} تا {end} کسی نیافت و تلفن هنوز با اوست: {link}",
    },
    "part-offered": {
        "en": "{name} can hold {start} to {end}, a part of what you asked. Take the offer or wait: {link}",
        "tr": "{name} istediğinizin bir kısmını alabilir: {start} - {end}. Kabul edin ya da bekleyin: {link}",
        "ro": "{name} poate ține o parte: {start} - {end}. Accepți sau aștepți: {link}",
        "fa": "{name} بخشی را برمی‌دارد: {start} تا {end}. بپذیرید یا صبر کنید: {link}",
    },
    "swap-confirm": {
        "en": "{name} says yes for {start}, which is soon: confirm it, or you still hold the phone. {link}",
        "tr": "{name} {start} için evet dedi; az kaldı: onaylayın, yoksa telefon sizde kalır. {link}",
        "ro": "{name} a spus da pentru {start}. Începe curând: confirmă, altfel telefonul rămâne la tine. {link}",
        "fa": "{name} برای {start} پذیرفت و زمان کم است: تأیید کنید وگرنه تلفن با شماست. {link}",
    },
    "swap-waits": {
        "en": "{name} and {other} agreed on {start}. Approve or refuse; silence is yes on {until}: {link}",
        "tr": "{name} ve {other} {start} için anlaştı. Onaylayın ya da reddedin; yanıt gelmezse {until} onaylanır: {link}",
        "ro": "{name} și {other} s-au înțeles pentru {start}. Aprobă sau refuză; fără răspuns se aprobă la {until}: {link}",
        "fa": "{name} و {other} درباره {start} توافق کردند. تأیید یا رد؛ سکوت تا {until} یعنی بله: {link}",
    },
    "swap-refused": {
        "en": "{name} did not approve the change of {start}: {why}. Everybody keeps their hours.",
        "tr": "{name} {start} değişikliğini onaylamadı: {why}. Saatler değişmedi.",
        "ro": "{name} nu a aprobat schimbul din {start}: {why}. Fiecare își păstrează orele.",
        "fa": "{name} تغییر {start} را نپذیرفت: {why}. ساعت کسی عوض نشد.",
    },
    "swap-cancelled": {
        "en": "The rota changed, so the request of {name} about {start} ended. Nobody's hours moved by it. {link}",
        "tr": "Çizelge değişti; {name} adlı kişinin {start} isteği kapandı. Kimsenin saati değişmedi. {link}",
        "ro": "Programul s-a schimbat; cererea lui {name} pentru {start} s-a închis. Nicio oră nu s-a mutat. {link}",
        "fa": "برنامه عوض شد و درخواست {name} برای {start} بسته شد. ساعتی جابه‌جا نشد. {link}",
    },
    "swap-undone": {
        "en": "{name} took the change of {start} back. The phone is whose it was before: {link}",
        "tr": "{name} {start} değişikliğini geri aldı. Telefon yine önceki kişide: {link}",
        "ro": "{name} a anulat schimbul din {start}. Telefonul e la cine era înainte: {link}",
        "fa": "{name} تغییر {start} را برگرداند. تلفن با نفر پیشین است: {link}",
    },
    "swap-remind": {
        "en": "{name} still needs somebody {start} to {end}. Yes or no: {link}",
        "tr": "{name} {start} - {end} için hâlâ birini arıyor. Yanıt: {link}",
        "ro": "{name} mai caută pe cineva pentru {start} - {end}. Da sau nu: {link}",
        "fa": "{name} هنوز برای {start} تا {end} کسی می‌خواهد. پاسخ: {link}",
    },
    "taken-over": {
        "en": "{name} has the emergency phone from now until {end}. Not agreed? Keep it: {link}",
        "tr": "Acil telefonu şu andan {end} vaktine dek {name} taşıyor. Uygun değil mi? Sizde kalsın: {link}",
        "ro": "{name} are telefonul de urgență de acum până {end}. Nu ești de acord? Păstrează-l: {link}",
        "fa": "تلفن اضطراری از اکنون تا {end} با {name} است. موافق نیستید؟ نگهش دارید: {link}",
    },
    "handed-back": {
        "en": "{name} has the emergency phone again, until {end}. {link}",
        "tr": "Acil telefonu {end} vaktine dek yeniden {name} taşıyor. {link}",
        "ro": "{name} are din nou telefonul de urgență, până {end}. {link}",
        "fa": "تلفن اضطراری دوباره با {name} است، تا {end}. {link}",
    },
    "notice-mail-subject": {
        "en": "{company}: the emergency phone rota",
        "tr": "{company}: acil telefon çizelgesi",
        "ro": "{company}: programul telefonului de urgență",
        "fa": "{company}: برنامه تلفن اضطراری",
    },
    "alert-mail-subject": {
        "en": "URGENT #{ref} [{who}: ]{what}",
        "tr": "ACİL #{ref} [{who}: ]{what}",
        "ro": "URGENT #{ref} [{who}: ]{what}",
        "fa": "فوری {ref} [{who}: ]{what}",
    },
    "normal-mail-subject": {
        "en": "#{ref} [{who}: ]{what}",
        "tr": "#{ref} [{who}: ]{what}",
        "ro": "#{ref} [{who}: ]{what}",
        "fa": "{ref} [{who}: ]{what}",
    },
    "alert-mail": {
        "en": "Ticket #{ref} is waiting for somebody to take it.\n\n[From: {who}\n]Matter: {what}\n[Caller: {caller}\n]\n[{body}\n\n][Next: {next_name} {next_time}\n]Take it, pass it on or read more: {link}",
        "tr": "#{ref} numaralı kayıt birinin almasını bekliyor.\n\n[Kimden: {who}\n]Konu: {what}\n[Arayan: {caller}\n]\n[{body}\n\n][Sonra: {next_name} {next_time}\n]Almak, devretmek ya da okumak için: {link}",
        "ro": "Tichetul #{ref} așteaptă să fie preluat.\n\n[De la: {who}\n]Problema: {what}\n[Apelant: {caller}\n]\n[{body}\n\n][Apoi: {next_name} {next_time}\n]Preia, pasează sau citește: {link}",
        "fa": "مورد {ref} در انتظار کسی است که آن را بردارد.\n\n[از: {who}\n]موضوع: {what}\n[تماس: {caller}\n]\n[{body}\n\n][بعدی: {next_name} {next_time}\n]برداشتن، رد کردن یا خواندن: {link}",
    },
    "call-alert": {
        "en": "Hello {first}, {company} emergency phone. Urgent. [{who}. ]{what}.",
        "tr": "Merhaba {first}, {company} acil telefonu. Acil. [{who}. ]{what}.",
        "ro": "Bună {first}, telefonul de urgență {company}. Urgent. [{who}. ]{what}.",
    },
    "call-normal": {
        "en": "Hello {first}, {company} phone. [{who}. ]{what}.",
        "tr": "Merhaba {first}, {company} telefonu. [{who}. ]{what}.",
        "ro": "Bună {first}, telefonul {company}. [{who}. ]{what}.",
    },
    "call-menu": {
        "en": "Press 1 to take it. Press 2 to pass it [to {next_name}]. Press 0 to hear it again.",
        "tr": "Almak için 1'e basın. Devretmek için 2'ye basın. Yeniden dinlemek için 0'a basın.",
        "ro": "Apasă 1 ca să preiei. Apasă 2 ca să pasezi [la {next_name}]. Apasă 0 ca să auzi din nou.",
    },
    "call-taken": {
        "en": "It is yours. [The caller's number is {digits}. ]A text message follows. Goodbye.",
        "tr": "Artık sizde. [Arayanın numarası {digits}. ]Bir mesaj gönderiyoruz. Hoşça kalın.",
        "ro": "Este al tău. [Numărul apelantului este {digits}. ]Urmează un mesaj. La revedere.",
    },
    "call-passed": {
        "en": "Passed on [to {next_name}]. Goodbye.",
        "tr": "Devredildi. Hoşça kalın.",
        "ro": "Pasat mai departe [la {next_name}]. La revedere.",
    },
    "call-solved": {
        "en": "Marked as solved. Thank you. Goodbye.",
        "tr": "Çözüldü olarak işaretlendi. Teşekkürler. Hoşça kalın.",
        "ro": "Marcat ca rezolvat. Mulțumim. La revedere.",
    },
    "call-already-taken": {
        "en": "{name} took this at {time}. Go back to sleep.",
        "tr": "Bunu {name} saat {time} itibarıyla aldı. Uyumaya devam edin.",
        "ro": "{name} a preluat la {time}. Dormi liniștit.",
    },
    "call-already-solved": {
        "en": "This is already solved. Go back to sleep.",
        "tr": "Bu zaten çözüldü. Uyumaya devam edin.",
        "ro": "Este deja rezolvat. Dormi liniștit.",
    },
    "call-unknown-key": {
        "en": "That key does nothing here.",
        "tr": "Bu tuşun bir işlevi yok.",
        "ro": "Tasta aceasta nu face nimic.",
    },
    "call-not-saved": {
        "en": "Sorry, that was not saved. Please press the key again.",
        "tr": "Kaydedilemedi. Lütfen tuşa tekrar basın.",
        "ro": "Nu s-a salvat. Vă rugăm să apăsați tasta din nou.",
    },
    "call-gone": {
        "en": "This alert is not known any more. Please look at the web page. Goodbye.",
        "tr": "Bu uyarı artık bilinmiyor. Lütfen web sayfasına bakın. Hoşça kalın.",
        "ro": "Această alertă nu mai este cunoscută. Vă rugăm să vă uitați pe pagina web. La revedere.",
    },
    **DAY_TEXTS,
    **READY_TEXTS,
}

CHANNELS: dict[str, Words] = {
    "sms": {"en": "SMS", "tr": "SMS", "ro": "SMS", "fa": "پیامک"},
    "call": {"en": "call", "tr": "çağrı", "ro": "apel", "fa": "تماس"},
    "email": {"en": "mail", "tr": "e-posta", "ro": "e-mail", "fa": "ایمیل"},
}
"""The channels inside a sentence."""

SPOKEN = frozenset({"en", "tr", "ro"})
"""Languages a voice exists for; a call to anybody else is spoken in English."""

_GROUP = re.compile(r"\[([^\[\]]*)\]")
_HOLE = re.compile(r"\{(\w+)\}")


def spoken_language(language: str) -> str:
    """Return the language a call to a reader of `language` is spoken in."""
    return language if language in SPOKEN else "en"


def wording(policy: Policy, name: str, language: str) -> str:
    """Return the unfilled text `name`: the policy's own, else ours, else English."""
    own = policy.templates.get(name, {})
    ours = TEXTS[name]
    return own.get(language) or ours.get(language) or own.get("en") or ours["en"]


def fill(text: str, holes: Mapping[str, str]) -> str:
    """Fill the {holes} of `text`; a [part] with an empty hole disappears."""

    def part(match: re.Match[str]) -> str:
        names = _HOLE.findall(match[1])
        return match[1] if all(holes.get(name) for name in names) else ""

    whole = _HOLE.sub(lambda match: holes.get(match[1], ""), _GROUP.sub(part, text))
    return _tidy(whole)


def _tidy(text: str) -> str:
    """Take out what an empty part leaves behind: doubled spaces, a space before a full stop, two full stops."""
    text = re.sub(r"[ \t]{2,}", " ", text)
    text = re.sub(r" ([.,])", r"\1", text)
    text = re.sub(r"([.!?])\.(?!\.)", r"\1", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


@cache
def holes_of(name: str) -> frozenset[str]:
    """Return the names of the holes the text `name` may use."""
    return frozenset(hole for words in TEXTS[name].values() for hole in _HOLE.findall(words))
