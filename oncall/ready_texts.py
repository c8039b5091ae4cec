"""The words of texts, mails and calls around a turn: reminders, tests, codes, handoff, leave. Sends nothing."""

from __future__ import annotations

READY_TEXTS: dict[str, dict[str, str]] = {
    "code-sms": {
        "en": "{code} is your code from the {company} emergency phone, good for 10 minutes. Type it on the page and tell nobody.",
        "tr": "{company} acil telefonu kodunuz: {code}. 10 dakika geçerli. Sayfaya yazın, kimseye söylemeyin.",
        "ro": "{code} este codul tău de la telefonul de urgență {company}, valabil 10 minute. Scrie-l pe pagină, nu-l spune nimănui.",
        "fa": "{code} کد شما از تلفن اضطراری {company} است و ۱۰ دقیقه اعتبار دارد. آن را فقط در صفحه بنویسید.",
    },
    "call-code": {
        "en": "Hello {first}, this is the {company} emergency phone. Your code is {code}. Once more: {code}. And again: {code}. Goodbye.",
        "tr": "Merhaba {first}, burası {company} acil telefonu. Kodunuz: {code}. Bir kez daha: {code}. Yeniden: {code}. Hoşça kalın.",
        "ro": "Bună {first}, este telefonul de urgență {company}. Codul tău este {code}. Încă o dată: {code}. Din nou: {code}. La revedere.",
    },
    "test-sms": {
        "en": "TEST from {company} on-call. Reply 1 or tap {link} so we know this phone wakes you.[ Your turn starts {start}.]",
        "tr": "{company} acil telefon TESTİ. 1 yazın ya da dokunun: {link} Bu telefonun sizi uyandırdığını bilelim.[ Nöbetiniz: {start}.]",
        "ro": "TEST de la telefonul de urgență {company}. Răspunde 1 sau apasă {link} ca să știm că te trezește.[ Rândul tău: {start}.]",
        "fa": "آزمایش تلفن اضطراری {company}. پاسخ ۱ یا {link} تا بدانیم این تلفن شما را بیدار می‌کند.[ نوبت شما: {start}.]",
    },
    "test-sms-one-way": {
        "en": "TEST from {company} on-call: [tap {link} or ]press 1 when we call, so we know this phone wakes you.[ Your turn starts {start}.]",
        "tr": "{company} acil telefon TESTİ: [{link} ya da ]aramada 1'e basın; sizi uyandırdığını bilelim.[ Nöbetiniz: {start}.]",
        "ro": "TEST, telefonul de urgență {company}: [apasă {link} sau ]tasta 1 la apel, să știm că te trezește.[ Rândul tău: {start}.]",
        "fa": "آزمایش تلفن اضطراری {company}: [{link} یا ]در تماس ما کلید ۱، تا بدانیم این تلفن شما را بیدار می‌کند.[ نوبت شما: {start}.]",
    },
    "call-test": {
        "en": "Hello {first}, this is a test of the {company} emergency phone. Nothing is wrong. Press 1 so that we know this phone wakes you.",
        "tr": "Merhaba {first}, bu {company} acil telefonunun bir testidir. Bir sorun yok. Bu telefonun sizi uyandırdığını bilmemiz için 1'e basın.",
        "ro": "Bună {first}, acesta este un test al telefonului de urgență {company}. Nu s-a întâmplat nimic. Apasă 1 ca să știm că acest telefon te trezește.",
    },
    "call-test-passed": {
        "en": "Thank you. This phone wakes you. Goodbye.",
        "tr": "Teşekkürler. Bu telefon sizi uyandırıyor. Hoşça kalın.",
        "ro": "Mulțumim. Acest telefon te trezește. La revedere.",
    },
    "test-answer": {
        "en": "Thank you, {first}. This phone wakes you.",
        "tr": "Teşekkürler {first}. Bu telefon sizi uyandırıyor.",
        "ro": "Mulțumim, {first}. Acest telefon te trezește.",
        "fa": "سپاس {first}. این تلفن شما را بیدار می‌کند.",
    },
    "test-unanswered": {
        "en": "{name} holds the phone from {start}. The test page had no answer. Please call[, or find cover: {link}]",
        "tr": "{start} itibarıyla telefon {name} adlı kişide. Test sayfası yanıtsız. Lütfen arayın[ ya da yerine birini bulun: {link}]",
        "ro": "{name} are telefonul de la {start}. Testul a rămas fără răspuns. Sună[ sau găsește un înlocuitor: {link}]",
        "fa": "تلفن از {start} با {name} است. آزمایش بی‌پاسخ ماند. لطفاً تماس بگیرید[ یا جانشین بیابید: {link}]",
    },
    "turn-reminder": {
        "en": "Your turn with the emergency phone: {start} to {end}.[ Can't? Find cover: {link}]",
        "tr": "Acil telefon nöbetiniz: {start} - {end}.[ Uymuyor mu? Yerinize birini bulun: {link}]",
        "ro": "Rândul tău la telefonul de urgență: {start} - {end}.[ Nu poți? Găsește un înlocuitor: {link}]",
        "fa": "نوبت شما برای تلفن اضطراری: {start} تا {end}.[ نمی‌توانید؟ جانشین بیابید: {link}]",
    },
    "turn-near": {
        "en": "You have the emergency phone from {start}.[ {backup} stands behind you.] Is it loud and charged?[ {link}]",
        "tr": "{start} itibarıyla acil telefon sizde.[ Yedeğiniz {backup}.] Sesi açık, şarjı dolu mu?[ {link}]",
        "ro": "Ai telefonul de urgență de la {start}.[ Rezerva ta e {backup}.] Are sonorul pornit și bateria plină?[ {link}]",
        "fa": "تلفن اضطراری از {start} با شماست.[ پشتیبان: {backup}.] صدایش باز و شارژش پر است؟[ {link}]",
    },
    "turn-begins": {
        "en": "You hold the emergency phone until {end}.[ Backup: {backup}.] Open tickets: {open}.[ Notes from {name}: {link}]",
        "tr": "Acil telefon {end} vaktine dek sizde.[ Yedek: {backup}.] Açık kayıt: {open}.[ {name} notu: {link}]",
        "ro": "Ai telefonul de urgență până {end}.[ Rezervă: {backup}.] Tichete deschise: {open}.[ Note de la {name}: {link}]",
        "fa": "تلفن اضطراری تا {end} با شماست.[ پشتیبان: {backup}.] موارد باز: {open}.[ یادداشت {name}: {link}]",
    },
    "turn-ended": {
        "en": "Thank you, {first}.[ {name} has the phone now.][ Two lines for whoever comes next? {link}]",
        "tr": "Teşekkürler {first}.[ Telefon artık {name} adlı kişide.][ Sonraki kişiye iki satır not? {link}]",
        "ro": "Mulțumim, {first}.[ Telefonul e acum la {name}.][ Două rânduri pentru cine urmează? {link}]",
        "fa": "سپاس {first}.[ تلفن اکنون با {name} است.][ دو خط برای نفر بعدی؟ {link}]",
    },
    "note-due": {
        "en": "The phone changes hands {start}[: {name} is next]. Two lines about your turn help[: {link}]",
        "tr": "Telefon {start} vaktinde devrediliyor[: sırada {name}]. Nöbetiniz üzerine iki satır yazın[: {link}]",
        "ro": "Telefonul se predă {start}[: urmează {name}]. Două rânduri despre rândul tău ajută[: {link}]",
        "fa": "تلفن {start} تحویل می‌شود[: بعدی {name}]. دو خط درباره نوبت خود بنویسید[: {link}]",
    },
    "leave-on-turn": {
        "en": "{name} is away {start} to {end} and holds the phone then.[ See the repair, or find cover: {link}]",
        "tr": "{name} {start} - {end} arası izinli, oysa telefon o sırada onda.[ Düzeltme ya da yerine biri: {link}]",
        "ro": "{name} lipsește {start} - {end}, dar are atunci telefonul.[ Vezi corectura sau găsește un înlocuitor: {link}]",
        "fa": "{name} از {start} تا {end} نیست ولی تلفن با اوست.[ اصلاح برنامه یا جانشین: {link}]",
    },
    "leave-on-own-turn": {
        "en": "Your calendar says you are away {start} to {end}, but you hold the phone then.[ Find cover: {link}]",
        "tr": "Takviminize göre {start} - {end} arası yoksunuz, oysa telefon sizde.[ Yerinize birini bulun: {link}]",
        "ro": "După calendarul tău lipsești {start} - {end}, dar ai atunci telefonul.[ Găsește un înlocuitor: {link}]",
        "fa": "طبق تقویم شما از {start} تا {end} نیستید ولی تلفن با شماست.[ جانشین بیابید: {link}]",
    },
    "leave-entered": {
        "en": "{name} entered leave for you, {start} to {end}: {why}.[ Not right? {link}]",
        "tr": "{name} sizin için izin girdi, {start} - {end}: {why}.[ Yanlış mı? {link}]",
        "ro": "{name} ți-a trecut concediu, {start} - {end}: {why}.[ Nu e corect? {link}]",
        "fa": "{name} برای شما مرخصی ثبت کرد، {start} تا {end}: {why}.[ درست نیست؟ {link}]",
    },
    "leave-taken-back": {
        "en": "{name} took your leave {start} to {end} back: {why}.[ Not right? {link}]",
        "tr": "{name} {start} - {end} izninizi geri aldı: {why}.[ Yanlış mı? {link}]",
        "ro": "{name} a anulat concediul tău {start} - {end}: {why}.[ Nu e corect? {link}]",
        "fa": "{name} مرخصی شما از {start} تا {end} را لغو کرد: {why}.[ درست نیست؟ {link}]",
    },
    "calendar-mine": {
        "en": "{company}: my turns with the phone",
        "tr": "{company}: telefon nöbetlerim",
        "ro": "{company}: rândurile mele la telefon",
        "fa": "{company}: نوبت‌های تلفن من",
    },
    "calendar-rota": {
        "en": "{company}: emergency phone",
        "tr": "{company}: acil telefon",
        "ro": "{company}: telefonul de urgență",
        "fa": "{company}: تلفن اضطراری",
    },
    "calendar-days": {
        "en": "{company}: my days off",
        "tr": "{company}: izin günlerim",
        "ro": "{company}: zilele mele libere",
        "fa": "{company}: روزهای مرخصی من",
    },
    "calendar-holder": {
        "en": "Emergency phone ({company})",
        "tr": "Acil telefon ({company})",
        "ro": "Telefonul de urgență ({company})",
        "fa": "تلفن اضطراری ({company})",
    },
    "calendar-backup": {
        "en": "Backup for the emergency phone ({company})",
        "tr": "Acil telefon yedeği ({company})",
        "ro": "Rezervă la telefonul de urgență ({company})",
        "fa": "پشتیبان تلفن اضطراری ({company})",
    },
    "calendar-holder-named": {
        "en": "{name} has the phone",
        "tr": "Telefon: {name}",
        "ro": "{name} are telefonul",
        "fa": "تلفن با {name}",
    },
    "calendar-backup-named": {
        "en": "{name} is the backup",
        "tr": "Yedek: {name}",
        "ro": "{name} este rezervă",
        "fa": "پشتیبان: {name}",
    },
    "calendar-with-backup": {
        "en": "Backup: {names}",
        "tr": "Yedek: {names}",
        "ro": "Rezervă: {names}",
        "fa": "پشتیبان: {names}",
    },
    "calendar-day-off": {
        "en": "Day off",
        "tr": "İzin günü",
        "ro": "Zi liberă",
        "fa": "مرخصی",
    },
    "calendar-as-of": {
        "en": "As of {when}. Google shows changes after up to a day; the page knows at once.",
        "tr": "{when} itibarıyla. Google değişiklikleri bir güne kadar geç gösterir; sayfa hemen bilir.",
        "ro": "La {when}. Google arată schimbările după până la o zi; pagina le știe imediat.",
        "fa": "تا {when}. گوگل تغییرها را تا یک روز دیرتر نشان می‌دهد؛ صفحه بی‌درنگ می‌داند.",
    },
    "calendar-fails": {
        "en": "Your own calendar could not be read for a day, so new leave in it is not seen. What is known stays.[ Check: {link}]",
        "tr": "Takviminiz bir gündür okunamıyor; içindeki yeni izinler görülmüyor. Bilinenler kalıyor.[ Bakın: {link}]",
        "ro": "Calendarul tău nu a putut fi citit de o zi; concediile noi din el nu se văd. Ce se știe rămâne.[ Verifică: {link}]",
        "fa": "تقویم شما یک روز است خوانده نمی‌شود و مرخصی تازه دیده نمی‌شود. آنچه بود می‌ماند.[ بررسی: {link}]",
    },
}
